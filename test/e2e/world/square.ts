/** A square where people come, speak, are interrupted and go, until nothing is left of them. `?options={"url": …}`: the gateway. */
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import { CreateParleyAsync, Director, gatewayVoices, type Parley } from '../../../src/index.ts';
import { countingTrack } from '../../browser/heard.ts';
import { openSound } from '../../browser/open-sound.ts';
import { Stage } from '../../browser/stage.ts';
import { pause } from '../../browser/waiting.ts';
import { addMesh, addNode, OCULUS } from '../../unit/face/rigs.ts';

/** What there is of each kind. */
export interface Census {
  readonly observers: number;
  readonly textures: number;
  readonly nodes: number;
  readonly materials: number;
  readonly managers: number;
  readonly behaviors: number;
  readonly npcs: number;
}

/** What happened since the page was opened. */
export interface Busy {
  readonly visible: boolean;
  readonly lines: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface Square {
  /** People come, talk for so many seconds, and go. With `anew`, Parley and its director too, which others take over from. */
  round(seconds: number, anew: boolean): Promise<void>;
  /** Parley goes, and comes again. */
  leave(): void;
  enter(): Promise<void>;
  busy(): Busy;
  census(): Census;
}

declare global {
  interface Window {
    square?: Square;
  }
}

const PEOPLE = 8;
const PARTS = ['jawOpen', 'mouthSmileLeft', 'mouthSmileRight', 'eyeBlinkLeft', 'eyeBlinkRight'];

const { url } = JSON.parse(new URLSearchParams(location.search).get('options') ?? '{}') as { url: string };
const stage = new Stage();
const { scene } = stage;
const track = countingTrack(8);
const outcomes: Record<string, number> = {};
let lines = 0;
let turn = 0;
/** The game's own sound: Chromium keeps what it knows of a closed context, whoever closed it. */
const sound = await openSound();

async function open(): Promise<Parley> {
  const director = new Director({ voices: 4, faces: 3, mouths: 2, frameMicroseconds: 2_000 });
  return CreateParleyAsync(scene, { voices: gatewayVoices(url), director, ...sound });
}

let parley: Parley | undefined = await open();
await parley.unlockAsync();

/** Ends Parley and what it was given. */
function close(): void {
  parley?.dispose();
  parley?.voices.dispose();
  parley = undefined; // Nothing of it may be reached.
}

/** Somebody goes for good. What morphs is the game's: Babylon leaves it when a mesh goes. */
function leave({ root, mesh }: { root: TransformNode; mesh: Mesh }): void {
  mesh.morphTargetManager?.dispose();
  root.dispose();
}

async function round(seconds: number, anew: boolean): Promise<void> {
  const people = Array.from({ length: PEOPLE }, (_, index) => {
    const root = addNode(scene, `person ${index}`);
    root.position.set(index - PEOPLE / 2, 0, index % 3);
    const head = addNode(scene, 'Head', root);
    head.position.y = 1.5;
    const mesh = addMesh(scene, 'Face', [...OCULUS, ...PARTS], head);
    return { root, mesh, npc: parley!.addNpc(root, { name: `person ${index}`, emotion: 'warm' }) };
  });
  const walk = scene.onBeforeRenderObservable.add(() => {
    for (const [index, { root }] of people.entries())
      root.position.z = 8 + 8 * Math.sin(performance.now() / 700 + index);
  });
  const say = (index: number, what: string | typeof track, options = {}) => {
    const line = people[index % PEOPLE]!.npc.say(what, options);
    lines++;
    void line.finished.then(({ outcome }) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    });
  };
  for (let index = 0; index < PEOPLE; index++) {
    say(index, index % 3 === 0 ? track : `mama papa ${++turn % 7}`);
    say(index, 'and some more');
  }
  people[1]!.npc.prepare('never said at all');
  for (let part = 0; part < 4; part++) {
    await pause((seconds * 1000) / 4);
    if (part === 0) say(2, 'the quest goes before', { priority: 2 });
    if (part === 1) say(3, 'I interrupt', { whileSpeaking: 'interrupt' });
    if (part === 2) void people[4]!.npc.stop();
    if (part === 2) leave(people[5]!); // In the midst of what it says.
  }
  walk.remove();
  if (anew) close(); // While they speak.
  for (const person of people) leave(person);
  if (anew) parley = await open();
  await pause(400); // Fades, and whatever rings.
}

function observersOf(target: object): number {
  return Object.values(target)
    .filter((value) => value instanceof Observable)
    .reduce((sum, observable) => sum + observable.observers.length, 0);
}

window.square = {
  round,
  leave: close,
  enter: async () => {
    parley = await open();
  },
  busy: () => ({ visible: document.visibilityState === 'visible', lines, outcomes }),
  census: () => ({
    observers: observersOf(scene) + observersOf(scene.getEngine()) + observersOf(stage.camera),
    textures: scene.getEngine().getLoadedTexturesCache().length,
    nodes: scene.getNodes().length,
    materials: scene.materials.length,
    managers: scene.morphTargetManagers.length,
    behaviors: scene.transformNodes.reduce((sum, node) => sum + node.behaviors.length, 0),
    npcs: parley?.npcs.length ?? 0,
  }),
};
// The page of the other tests has this name.
Object.assign(window, { world: window.square });
