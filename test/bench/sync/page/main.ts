/** The page of the sync bench: one face, one voice, and everything noted. */
import '@babylonjs/loaders/glTF/2.0/index.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import miraUrl from '../../../../assets/characters/mira.glb?url';
import { CreateParleyAsync, lokutorVoices, type TalkingNpc } from '../../../../src/index.ts';
import type { PageLog } from '../recording.ts';
import { LipSpan } from './lip-span.ts';
import { PageRecorder } from './page-recorder.ts';

/** Rate of the audio context, Hz. */
const CONTEXT_RATE = 48_000;

/** Frames before the first line: shaders are compiled in the first few, which nothing here is about. */
const WARM_UP_FRAMES = 60;

class SyncPage {
  readonly #recorder: PageRecorder;
  readonly #npc: TalkingNpc;

  private constructor(recorder: PageRecorder, npc: TalkingNpc) {
    this.#recorder = recorder;
    this.#npc = npc;
  }

  /** Opens scene and sound; lines come from `url` at `sampleRate`. */
  static async openAsync(url: string, sampleRate: number): Promise<SyncPage> {
    const engine = new Engine(document.querySelector('canvas')!, false, { audioEngine: false });
    const scene = new Scene(engine);
    const camera = new FreeCamera('ears', new Vector3(0, 1.6, 0.8), scene);
    camera.setTarget(new Vector3(0, 1.6, 0));
    camera.fov = 0.5;
    new HemisphericLight('light', Vector3.Up(), scene);
    const container = await LoadAssetContainerAsync(miraUrl, scene, { pluginExtension: '.glb' });
    container.addAllToScene();
    const root = container.rootNodes[0] as TransformNode;

    const audioContext = new AudioContext({ sampleRate: CONTEXT_RATE });
    const audioEngine = await CreateAudioEngineAsync({
      audioContext,
      disableDefaultUI: true,
      resumeOnInteraction: false,
    });
    const recorder = new PageRecorder(audioContext, await LipSpan.ofAsync(root, miraUrl));
    scene.onBeforeRenderObservable.add(recorder.beforeFrame); // Before Parley's own: the time that it will see.
    const voices = recorder.watch(lokutorVoices({ url, sampleRate }));
    // Sound is recorded before it gets a direction; by HRTF, sound and mouth would be 6.3 ms later than that.
    const spatial = { hrtfVoices: 0 };
    const parley = await CreateParleyAsync(scene, { voices, audioEngine, audioContext, spatial });
    await parley.unlockAsync();
    const npc = parley.addNpc(root, { name: 'Mira' });
    scene.onAfterRenderObservable.add(recorder.afterFrame);
    engine.runRenderLoop(() => scene.render());
    await recorder.attachAsync(npc);
    await scene.whenReadyAsync();
    await framesAsync(scene, WARM_UP_FRAMES);
    return new SyncPage(recorder, npc);
  }

  /** Says a line to its end. */
  async sayAsync(text: string): Promise<string> {
    const line = this.#npc.say(text);
    this.#recorder.begin(line);
    const { outcome, error } = await line.finished;
    this.#recorder.end(outcome);
    return error ? error.message : outcome;
  }

  /** Everything noted so far, but for the sound. */
  log(): PageLog {
    return this.#recorder.log();
  }

  /** Recorded frames `from` to `to`, counted from the first that was recorded, as base64 of 32-bit floats. */
  sound(from: number, to: number): string {
    return this.#recorder.sound(from, to);
  }
}

function framesAsync(scene: Scene, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const observer = scene.onAfterRenderObservable.add(() => {
      if (--left > 0) return;
      observer.remove();
      resolve();
    });
  });
}

declare global {
  interface Window {
    openSyncPageAsync: typeof SyncPage.openAsync;
    syncPage?: SyncPage;
  }
}

window.openSyncPageAsync = async (...args) => {
  window.syncPage = await SyncPage.openAsync(...args);
  return window.syncPage;
};
