import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainPath, type ManifestLine, parseManifest } from '../../../src/speech/manifest.ts';

const line: ManifestLine = {
  id: 'gate/hello',
  text: 'Hello.',
  voice: 'F1',
  lang: 'en',
  sampleRate: 24_000,
  duration: 1.5,
  timing: 'service',
  confidence: 1,
  json: 'gate/hello.json',
  jsonBytes: 900,
  wav: 'gate/hello.wav',
  wavBytes: 72_044,
  wavHash: `sha256-${'A'.repeat(43)}=`,
};

describe('a manifest', () => {
  it('is read as it was written, without what it does not know', () => {
    const lines = [line, { ...line, id: 'other', future: true }];
    expect(parseManifest({ version: 1, lines, more: 1 })).toEqual({
      version: 1,
      lines: [line, { ...line, id: 'other' }],
    });
    expect(parseManifest({ version: 1, lines: [] }).lines).toEqual([]);
  });

  it.each([
    [{ version: 0 }, 'version: expected 1, got 0'],
    [{ lines: 3 }, 'lines: expected a list, got 3'],
    [{ lines: [line, line] }, 'lines[1].id: expected an id of its own, got that of lines[0]'],
    [{ lines: [{ ...line, id: '' }] }, 'lines[0].id: expected a name, got ""'],
    [{ lines: [{ ...line, wav: undefined }] }, 'lines[0].wav: expected a string, got nothing'],
    [{ lines: [{ ...line, wav: '../x.wav' }] }, 'lines[0].wav: expected a path below the manifest'],
    [
      { lines: [{ ...line, wavBytes: 1.5 }] },
      'lines[0].wavBytes: expected a whole number of 1 or more, got 1.5',
    ],
    [{ lines: [{ ...line, jsonHash: 'md5' }] }, 'lines[0].jsonHash: expected "sha256-"'],
    [{ lines: [{ ...line, timing: 'luck' }] }, 'lines[0].timing: expected one of service'],
  ])('is refused in words and told where: %j', (change, message) => {
    expect(() => parseManifest({ version: 1, lines: [line], ...change }, 'm.json')).toThrowError(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.stringContaining(`m.json, ${message}`),
      }),
    );
  });

  it('never makes the reader fail in another way, whatever stands in it', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(line)));
    const any = fc.record(Object.fromEntries(Object.keys(line).map((key) => [key, field])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.array(any).map((lines) => ({ version: 1, lines })),
        ),
        (value) => {
          try {
            parseManifest(value);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-input' });
          }
        },
      ),
      { seed: 31, numRuns: 300 },
    );
  });

  it('does not take what an object inherits for its content', () => {
    expect(() => parseManifest(Object.create({ version: 1, lines: [] }))).toThrowError(
      /version: expected 1, got nothing/,
    );
  });

  it.each(['a.wav', 'gate/hello there.wav', 'ü/é#?%.wav', '...', '.hidden'])('may name %s', (path) => {
    expect(isPlainPath(path)).toBe(true);
  });

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', 'a\\b', 'C:a', 'http://x/a', 'a\nb', 'a\ud800'])(
    'may not name %j',
    (path) => {
      expect(isPlainPath(path)).toBe(false);
    },
  );
});
