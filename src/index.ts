/** Parley for games: give Babylon.js characters a voice. */
export { CreateParleyAsync, type ParleyOptions } from './npc/create.ts';
export type { Heard } from './npc/heard.ts';
export type { Line, LineResult, LineState, LineStats } from './npc/line.ts';
export type { AudioState, Parley } from './npc/parley.ts';
export type { WhenLocked } from './npc/sound-gate.ts';
export { type NpcOptions, type SayOptions, TalkingNpc } from './npc/talking-npc.ts';
export type { Cue, WordMark } from './speech/cue.ts';
export { InputError, ParleyError, SpeechError, type SpeechErrorCode } from './speech/errors.ts';
export type { AudioPart, CuesPart, EndPart, SpeechPart, WordsPart } from './speech/part.ts';
export type { SourceHome, SourceTiming, SpeechRequest, TimingOrigin, VoiceSource } from './speech/source.ts';
export { VISEME_COUNT, VISEME_INDEX, VISEMES, type Viseme } from './speech/viseme.ts';
export { type LokutorOptions, lokutorVoices } from './voices/lokutor.ts';
