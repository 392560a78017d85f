/** Cutscenes: scripts of beats on a playhead that goes anywhere. */
export type { AnimationState, SoundState } from './beat-changes.ts';
export type { ChannelValue } from './changes.ts';
export type { GameEffect } from './effects.ts';
export type { Given } from './given.ts';
export { layOut } from './lay-out.ts';
export type { LineTimes } from './line-times.ts';
export { readScript } from './read-script.ts';
export { type Loop, ScenePlayhead, type ScenePlayheadOptions } from './scene-playhead.ts';
export type {
  AnimateBeat,
  Beat,
  CameraBeat,
  CastMember,
  Choice,
  ChooseBeat,
  Condition,
  Ease,
  EmoteBeat,
  GotoBeat,
  HideBeat,
  IfBeat,
  LabelBeat,
  LineMoment,
  LookBeat,
  Mark,
  MoveBeat,
  ParallelBeat,
  Point,
  RunBeat,
  SayBeat,
  Script,
  SetBeat,
  Shot,
  ShowBeat,
  SoundBeat,
  Variable,
  WaitBeat,
} from './script.ts';
export { StateWriter, type WriteChannel } from './state-writer.ts';
export type { BeatStart, Effect, Hold, Offer, SpokenBeat, Timeline } from './timeline.ts';
export { cutscene, RowWriter, type SayManner, SceneWriter, type WriteRow } from './write-scene.ts';
