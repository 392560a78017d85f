/** A voice that may be given HRTF. */
export interface HrtfCandidate {
  /** Whether it is being heard. One that is not keeps no HRTF. */
  readonly heard: boolean;
  /** Metres to the listener. */
  readonly distance: number;
  /** Whether it may be given HRTF. One that may not loses what it has. */
  readonly mayHaveHrtf: boolean;
  /** Whether it has HRTF now. */
  readonly byHrtf: boolean;
  setHrtf(on: boolean): void;
}

/** How much nearer a voice must be to take HRTF from another: two at the same distance keep what they have. */
const NEARER = 0.8;

/**
 * Gives HRTF to the nearest `slots` of the voices that are heard and may have it; the others are panned by equal power.
 * One voice is changed, or two change places, in a call; called once a frame it keeps up with any scene. Allocates
 * nothing.
 */
export function chooseHrtf(voices: readonly HrtfCandidate[], slots: number): void {
  let taken = 0;
  let farthest: HrtfCandidate | undefined;
  let nearest: HrtfCandidate | undefined;
  for (let index = 0; index < voices.length; index++) {
    const voice = voices[index]!;
    if (!voice.heard) continue;
    if (voice.byHrtf) {
      if (!voice.mayHaveHrtf) {
        voice.setHrtf(false);
        return;
      }
      taken++;
      if (!farthest || voice.distance > farthest.distance) farthest = voice;
    } else if (voice.mayHaveHrtf && (!nearest || voice.distance < nearest.distance)) nearest = voice;
  }
  if (taken > slots) farthest?.setHrtf(false);
  else if (!nearest) return;
  else if (taken < slots) nearest.setHrtf(true);
  else if (farthest && nearest.distance < NEARER * farthest.distance) {
    farthest.setHrtf(false);
    nearest.setHrtf(true);
  }
}
