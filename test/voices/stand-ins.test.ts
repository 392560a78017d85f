/** Emulators know every voice that stands for one of the ten, so that each can be tried. */
import { describe, expect, it } from 'vitest';
import { AZURE_STAND_INS } from '../../src/voices/azure/azure-request.ts';
import { ELEVENLABS_STAND_INS } from '../../src/voices/elevenlabs/elevenlabs-request.ts';
import { VOICES } from '../emulators/azure/said.ts';
import { localVoice } from '../emulators/elevenlabs/rules.ts';

describe('voices that stand for the ten', () => {
  it.each([
    ['azure', AZURE_STAND_INS, (name: string) => VOICES[name]],
    ['elevenlabs', ELEVENLABS_STAND_INS, localVoice],
  ] as const)('are known to the emulator of %s, each as the one it stands for', (_, standIns, known) => {
    expect(Object.keys(standIns)).toHaveLength(10);
    for (const [local, name] of Object.entries(standIns)) expect(known(name), name).toBe(local);
  });
});
