import { describe, expect, it } from 'vitest';
import { type SpaceOptions, spaceSettings } from '../../../src/playback/space-settings.ts';

describe('the settings of a space', () => {
  it('have defaults', () => {
    expect(spaceSettings()).toEqual({
      hrtfVoices: 4,
      travelTime: 'off',
      minDistance: 1,
      maxDistance: 40,
      rolloffFactor: 1,
      occlusion: undefined,
      reverb: undefined,
    });
  });

  it.each<[string, SpaceOptions]>([
    ['hrtfVoices', { hrtfVoices: -1 }],
    ['hrtfVoices', { hrtfVoices: 1.5 }],
    ['travelTime', { travelTime: 'slow' as 'off' }],
    ['minDistance', { minDistance: 0 }],
    ['maxDistance', { minDistance: 5, maxDistance: 4 }],
    ['rolloffFactor', { rolloffFactor: Number.NaN }],
    ['occlusion', { occlusion: {} as never }],
    ['reverb', { reverb: 3 as never }],
  ])('refuse %s in words where it is %o', (name, options) => {
    expect(() => spaceSettings(options)).toThrow(`spatial.${name}`);
  });
});
