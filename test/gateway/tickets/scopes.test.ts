import { describe, expect, it } from 'vitest';
import { readGrant } from '../../../src/gateway/index.ts';

describe('a grant', () => {
  it.each([
    [
      { user: 'ada', scopes: { freetext: true } },
      /^The body: expected fields that there are \(freeText, lines, .*got "freetext"\.$/,
    ],
    [
      { user: 'ada', scope: {} },
      /^The body: expected fields that there are \(user, scopes\), got "scope"\.$/,
    ],
    [{ user: 'x'.repeat(129) }, /^The body, user: expected up to 128 characters, got 129\.$/],
    [{ user: '' }, /^The body, user: expected 1 character or more, got 0\.$/],
    [
      { user: 'ada', scopes: { characters: -1 } },
      /^The body, scopes\.characters: expected 0 or more, got -1\.$/,
    ],
    [
      { user: 'ada', scopes: { sessionSeconds: 0 } },
      /^The body, scopes\.sessionSeconds: expected more than 0, got 0\.$/,
    ],
    [
      { user: 'ada', scopes: { sessionSeconds: 1e6 } },
      /^The body, scopes\.sessionSeconds: expected up to 86400, got 1000000\.$/,
    ],
    [{ user: 7 }, /^The body, user: expected string, got 7\.$/],
    [{}, /^The body, user: expected a value, got undefined\.$/],
  ])('that is wrong, as %j, is told by field, with what would be right', (given, message) => {
    expect(() => readGrant('The body', given)).toThrow(message);
  });
});
