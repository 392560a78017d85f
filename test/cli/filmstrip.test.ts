import { expect, it } from 'vitest';
import { numberOf } from '../../scripts/filmstrip/command.ts';
import { InputError } from '../../src/speech/errors.ts';
import { runToEnd } from '../kit/children.ts';

it.each([
  ['main', ['--fps', 'zork'], 2, /^parley: --fps: .*1 to 120.*"zork"\.\n$/],
  ['main', ['--emotion', 'zork'], 2, /--emotion.*neutral, happy.*"zork"\.\n$/],
  ['main', ['--voice', 'Z9'], 3, /voice "Z9"; the voices are F1 .*\n$/],
  ['emotions', ['--character', 'nobody'], 2, /--character.*mira or tomas.*"nobody"\.\n$/],
  ['emotions', ['--zork'], 2, /'--zork'.*\n$/],
])('npm run filmstrip and emotions: %s %j is told in one line', async (script, args, code, message) => {
  const ended = await runToEnd(`scripts/filmstrip/${script}.ts`, ...args);
  expect(ended.stderr.split('\n')).toHaveLength(2);
  expect(ended.stderr).toMatch(message);
  expect([ended.code, ended.stdout]).toEqual([code, '']);
});

it('a number of an option is one within its range', () => {
  expect(numberOf('--fps', '15', 1, 120)).toBe(15);
  for (const wrong of ['zork', '', ' ', '0', '121', 'NaN', 'Infinity', '-3'])
    expect(() => numberOf('--fps', wrong, 1, 120)).toThrow(InputError);
});
