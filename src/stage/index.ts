/** Cutscenes in a scene of Babylon: `babylon-parley/cutscene`. */
export * from '../cutscene/index.ts';
export {
  type CutsceneOptions,
  CutscenePlayer,
  playCutscene,
  type SavedScene,
  type SceneLine,
} from './cutscene-player.ts';
