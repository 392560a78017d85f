import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';

/** A context and Babylon's engine on it, as a game would bring them; neither resumes by itself. */
export interface OpenSound {
  readonly audioContext: AudioContext;
  readonly audioEngine: AudioEngineV2;
}

export async function openSound({
  suspended = false,
  audioContext = new AudioContext(),
} = {}): Promise<OpenSound> {
  if (suspended) await audioContext.suspend();
  const audioEngine = await CreateAudioEngineAsync({
    audioContext,
    disableDefaultUI: true,
    resumeOnInteraction: false,
    resumeOnPause: false,
    listenerEnabled: true,
    listenerAutoUpdate: false,
  });
  return { audioContext, audioEngine };
}
