/** How a room rings. */
export interface RoomSound {
  /** Time in which the low of its reverb falls by 60 dB, seconds. */
  readonly decaySeconds: number;
  /** The same for the treble, as a part of it, above 0 to 1: air and soft walls take more of that. */
  readonly trebleDecay: number;
}

/** Where low and treble part, Hz: in the middle of the octaves that reverberation times are usually given for. */
const CORNER_HZ = 1_500;

/** Time in which reflections become dense, seconds. */
const ONSET = 0.005;

/** 60 dB as a natural logarithm. */
const SIXTY_DB = Math.log(1000);

/**
 * What a room answers to a click, for both ears, `rate` samples a second: noise that falls evenly and is another one at
 * each ear, by the model of late reverberation as noise that decays (Schroeder 1962, Moorer 1979). The same each time.
 * The energy of both ears together is 1, so steady noise is as loud as it was sent in. It lasts until it has fallen by
 * 60 dB, and fades to exactly 0 there.
 */
export function roomResponse(
  { decaySeconds, trebleDecay }: RoomSound,
  rate: number,
): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const length = Math.max(2, Math.round(decaySeconds * rate));
  return [ear(0x9e3779b9), ear(0x85ebca6b)];

  function ear(seed: number): Float32Array<ArrayBuffer> {
    const out = new Float32Array(length);
    const pole = 1 - Math.exp((-2 * Math.PI * CORNER_HZ) / rate);
    const lowFall = Math.exp(-SIXTY_DB / (decaySeconds * rate));
    const trebleFall = Math.exp(-SIXTY_DB / (decaySeconds * trebleDecay * rate));
    const onset = Math.exp(-1 / (ONSET * rate));
    const last = Math.min(0.1 * length, 0.05 * rate);
    let [state, low, lowGain, trebleGain, sparse, energy] = [seed, 0, 1, 1, 1, 0];
    for (let index = 0; index < length; index++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      const noise = state / 2 ** 31;
      low += (noise - low) * pole;
      const left = Math.min((length - 1 - index) / last, 1);
      const sample = (low * lowGain + (noise - low) * trebleGain) * (1 - sparse) * left;
      out[index] = sample;
      energy += sample * sample;
      lowGain *= lowFall;
      trebleGain *= trebleFall;
      sparse *= onset;
    }
    const gain = Math.SQRT1_2 / Math.sqrt(energy);
    for (let index = 0; index < length; index++) out[index] = out[index]! * gain;
    return out;
  }
}
