import type { Recording } from '../recording.ts';

/** A copy in which all sound was rendered `ms` later than it was, so that the face is first by so much more. */
export function plantDelay(recording: Recording, ms: number): Recording {
  const frames = Math.round((ms * recording.sampleRate) / 1000);
  return { ...recording, sound: recording.sound.map((run) => ({ ...run, frame: run.frame + frames })) };
}

/** A copy in which the face's time runs slower against the sound by `part`: each frame shows what was due earlier. */
export function plantDrift(recording: Recording, part: number): Recording {
  const startMs = recording.frames[0]?.ms ?? 0;
  return {
    ...recording,
    frames: recording.frames.map((frame) => ({ ...frame, ms: startMs + (frame.ms - startMs) * (1 + part) })),
  };
}
