import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutputClock } from '../../../src/clock/output-clock.ts';
import { nameOf } from '../../../src/playback/output-device.ts';
import { Trim } from '../../../src/playback/trim.ts';
import { localTrims, type TrimStore } from '../../../src/playback/trim-store.ts';

class Shelf implements TrimStore {
  readonly kept: Record<string, number>;

  constructor(kept: Record<string, number> = {}) {
    this.kept = kept;
  }

  load(device: string): number | undefined {
    return this.kept[device];
  }

  save(device: string, trimMs: number): void {
    this.kept[device] = trimMs;
  }
}

describe('the trim', () => {
  let clock: OutputClock;
  beforeEach(() => {
    clock = new OutputClock();
  });

  it('is loaded with its device, and is 0 for one that has none', async () => {
    const trim = new Trim(clock, new Shelf({ speakers: 20, headset: 180 }));
    await trim.useDeviceAsync('speakers');
    expect(clock.trimMs).toBe(20);
    trim.handleDeviceChange();
    await trim.useDeviceAsync('headset');
    expect(clock.trimMs).toBe(180);
    await trim.useDeviceAsync('television');
    expect(clock.trimMs).toBe(0);
  });

  it('is kept for the device that is used', async () => {
    const shelf = new Shelf();
    const trim = new Trim(clock, shelf);
    await trim.useDeviceAsync('speakers');
    trim.set(15);
    expect(clock.trimMs).toBe(15);
    await trim.useDeviceAsync('headset');
    trim.set(150);
    expect(shelf.kept).toEqual({ speakers: 15, headset: 150 });
  });

  it('is kept once the device is known, and not overwritten by what was kept', async () => {
    const shelf = new Shelf({ speakers: 20 });
    const trim = new Trim(clock, shelf);
    trim.set(33);
    expect(shelf.kept).toEqual({ speakers: 20 });
    await trim.useDeviceAsync('speakers');
    expect(clock.trimMs).toBe(33);
    expect(shelf.kept).toEqual({ speakers: 33 });
  });

  it('is not overwritten by a store that answers late', async () => {
    let answer: (trimMs: number) => void = () => {};
    const slow: TrimStore = {
      load: () => new Promise((resolve) => (answer = resolve)),
      save: () => {},
    };
    const trim = new Trim(clock, slow);
    const loading = trim.useDeviceAsync('speakers');
    trim.set(40);
    answer(20);
    await loading;
    expect(clock.trimMs).toBe(40);
  });

  it('lasts as long as the page without a store', async () => {
    const trim = new Trim(clock, undefined);
    trim.set(40);
    await trim.useDeviceAsync('speakers');
    await trim.useDeviceAsync('headset');
    expect(clock.trimMs).toBe(40);
  });

  it('must be a number of milliseconds that can be', () => {
    const trim = new Trim(clock, undefined);
    for (const trimMs of [Number.NaN, Number.POSITIVE_INFINITY, 2_501, -2_501, '5' as unknown as number])
      expect(() => trim.set(trimMs)).toThrow(/expected milliseconds from -2500 to 2500/);
    expect(clock.trimMs).toBe(0);
  });

  it('is 0 where the store kept nonsense', async () => {
    await new Trim(clock, new Shelf({ speakers: Number.NaN })).useDeviceAsync('speakers');
    expect(clock.trimMs).toBe(0);
  });

  it('tells the page of a store that fails, and goes on', async () => {
    const told = vi.fn();
    vi.stubGlobal('reportError', told);
    const broken: TrimStore = {
      load: () => Promise.reject(new Error('load')),
      save: () => {
        throw new Error('save');
      },
    };
    const trim = new Trim(clock, broken);
    await trim.useDeviceAsync('speakers');
    trim.set(10);
    await vi.waitFor(() => expect(told.mock.calls.map(([error]) => error.message)).toEqual(['load', 'save']));
    expect(clock.trimMs).toBe(10);
    vi.unstubAllGlobals();
  });
});

describe('trims in localStorage', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('are nothing where the page may not keep anything', () => {
    vi.stubGlobal('localStorage', {
      getItem: () => {
        throw new Error('blocked');
      },
      setItem: () => {
        throw new Error('blocked');
      },
    });
    const store = localTrims();
    store.save('speakers', 5);
    expect(store.load('speakers')).toBeUndefined();
  });
});

describe('the name of a device', () => {
  const speakers = { deviceId: 'a1', groupId: 'g1', label: 'Speakers (Built-in)' };
  const headset = { deviceId: 'b2', groupId: 'g2', label: 'Headset' };

  it('is its label, the same when it is chosen and when it is the default', () => {
    const byDefault = { deviceId: 'default', groupId: 'g1', label: 'Default - Speakers (Built-in)' };
    const outputs = [byDefault, speakers, headset];
    expect(nameOf('', outputs)).toBe('Speakers (Built-in)');
    expect(nameOf('a1', outputs)).toBe('Speakers (Built-in)');
    expect(nameOf('b2', outputs)).toBe('Headset');
  });

  it('is its id where the page may not see labels, and `default` where it was not chosen', () => {
    const hidden = [{ deviceId: '', groupId: '', label: '' }];
    expect(nameOf('b2', hidden)).toBe('b2');
    expect(nameOf('', hidden)).toBe('default');
    expect(nameOf(undefined, [])).toBe('default');
    expect(nameOf('', [{ deviceId: 'default', groupId: 'g', label: '' }])).toBe('default');
  });

  it('is `none` where sound is thrown away', () => {
    expect(nameOf({ type: 'none' }, [speakers])).toBe('none');
  });
});
