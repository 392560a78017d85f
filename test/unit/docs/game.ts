/** What the code in the documents speaks of without saying where it is from: a game, its page, its server, its tests. */
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { WebXRDefaultExperience } from '@babylonjs/core/XR/webXRDefaultExperience.js';
import type {
  Cue,
  Lexicon,
  Line,
  LineInvitation,
  Parley,
  TalkingNpc,
  TrackLibrary,
  VoiceSource,
  WordMark,
} from '../../../src/index.ts';

export { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
export { serveAcme } from '../../voices/testing/acme/acme-service.ts';
export { acmeTruth } from '../../voices/testing/acme/acme-speech.ts';
export { acmeVoices } from '../../voices/testing/acme/acme-voices.ts';
export { plainVoices } from '../../voices/testing/acme/plain-voices.ts';

// The scene
export declare const engine: AbstractEngine;
export declare const scene: Scene;
export declare const canvas: HTMLCanvasElement;
export declare const xr: WebXRDefaultExperience;
export declare const parley: Parley;
export declare const voices: VoiceSource;
export declare const liveVoices: VoiceSource;
export declare const soundOnly: VoiceSource;
export declare const library: TrackLibrary;
export declare const mira: TalkingNpc;
export declare const tomas: TalkingNpc;
export declare const line: Line;
export declare const root: TransformNode;
export declare const miraRoot: TransformNode;
export declare const tomasRoot: TransformNode;
export declare const bakerRoot: TransformNode;
export declare const elderRoot: TransformNode;
export declare const statue: TransformNode;
export declare const marketPeople: readonly TransformNode[];
export declare const orc: TransformNode;
export declare const crypt: AbstractMesh;
export declare const cellarMesh: AbstractMesh;
export declare const barn: AbstractMesh;
export declare const well: TransformNode;
export declare const audioContext: AudioContext;
export declare const bytes: ArrayBuffer;
export declare const player: { readonly head: TransformNode };

// The page
export declare const caption: { mark(from: number, to: number): void; show(text: string): void };
export declare const hint: HTMLElement;
export declare const skipButton: HTMLButtonElement;
export declare function showChoices(
  offers: readonly { readonly index: number; readonly text: string }[] | undefined,
): void;
export declare function backToTheGame(): void;
export declare const startButton: HTMLButtonElement;
export declare function play(animation: string): void;
export declare function keepPicture(of: HTMLCanvasElement): Promise<void>;
export declare function log(...what: unknown[]): void;
/** The answer of the game's own server. */
export declare function fetchText(url: string): Promise<string>;
/** A ticket, as the game's own server asks the gateway for one. */
export declare function fetchTicket(): Promise<string>;
export declare const share: string;
export declare function tellOthers(share: string, text: string): void;
export declare const model: { stream(prompt: string): AsyncIterable<string> };
export declare const room: {
  on(event: 'trackSubscribed', listener: (track: { mediaStreamTrack: MediaStreamTrack }) => void): void;
};
export declare const peer: RTCPeerConnection;
/** The network of the game's own, by which players learn of one another. */
export declare const world: {
  send(told: { npc: string; invitation: LineInvitation }): void;
  on(event: 'line', listener: (told: { npc: string; invitation: LineInvitation }) => void): void;
};
export declare const npcs: Readonly<Record<string, TalkingNpc>>;

// The server
export declare const apiKey: string;
export declare const lokutor: VoiceSource;
export declare const gauge: { set(value: number): void };
export declare function send(part: unknown): void;

// What is said
export declare const text: string;
export declare const samples: Int16Array<ArrayBuffer>;
export declare const cues: Cue[];
export declare const words: WordMark[];
export declare const lexicon: Lexicon;
export declare const signal: AbortSignal;
export declare const tools: Readonly<Record<string, (args: unknown) => string>>;
/** What a server of one's own answers to a line. */
export declare function streamOf(line: object): AsyncIterable<Uint8Array>;
