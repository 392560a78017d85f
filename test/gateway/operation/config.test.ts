import { describe, expect, it } from 'vitest';
import {
  configOfEnvironment,
  mergeConfig,
  readConfig,
  strangeVariables,
  takenVariables,
} from '../../../src/gateway/operation/config.ts';

describe('a configuration', () => {
  it('is what its file says', () => {
    const config = {
      port: 0,
      origins: ['https://game.example'],
      budgets: { account: 5 },
      log: { level: 'info' },
    };
    expect(readConfig('parley.json', config)).toEqual(config);
  });

  it.each([
    [{ port: '80' }, /^parley\.json, port: expected number, got "80"\.$/],
    [{ port: 70_000 }, /parley\.json, port: expected up to 65535, got 70000/],
    [{ units: 0 }, /units: expected 1 or more, got 0/],
    [{ units: 1.5 }, /units: expected a whole number, got 1\.5/],
    [{ budgets: { user: -1 } }, /budgets\.user: expected 0 or more, got -1/],
    [{ origins: 'https://game.example' }, /origins: expected Array, got "https:\/\/game\.example"/],
    [{ log: { level: 'loud' } }, /log\.level: expected .*"warn".*got "loud"/],
    [{ prot: 80 }, /parley\.json: expected fields that there are \(port, host.*got "prot"/],
    [[], /parley\.json/],
    [null, /parley\.json: expected Object, got null/],
  ])('that is wrong, as %j, is told by field', (given, message) => {
    expect(() => readConfig('parley.json', given)).toThrow(message);
  });

  it('comes from the environment too, whose mistakes are told by variable', () => {
    expect(
      configOfEnvironment({
        PARLEY_PORT: '9000',
        PARLEY_ORIGINS: 'https://a.example, https://b.example',
        PARLEY_TRUST_PROXY: 'true',
        PARLEY_BUDGET_USER: '100',
        PARLEY_BUDGET_ACCOUNT: '1000',
        PARLEY_LOG_LEVEL: 'info',
        PARLEY_HOST: '',
        OTHER: 'x',
      }),
    ).toEqual({
      port: 9_000,
      origins: ['https://a.example', 'https://b.example'],
      trustProxy: true,
      budgets: { user: 100, account: 1_000 },
      log: { level: 'info' },
    });
    expect(() => configOfEnvironment({ PARLEY_PORT: 'many' })).toThrow(
      /^PARLEY_PORT: expected number, got "many"/,
    );
    expect(() => configOfEnvironment({ PARLEY_TRUST_PROXY: 'yes' })).toThrow(
      /^PARLEY_TRUST_PROXY: expected boolean/,
    );
    expect(() => configOfEnvironment({ PARLEY_BUDGET_USER: '-1' })).toThrow(
      /^PARLEY_BUDGET_USER: expected number/,
    );
  });

  it('tells which variables look like settings and are none', () => {
    const environment = {
      ...{ PARLEY_PORT: '1', PARLEY_BUDGET_ACOUNT: '5', PARLEY_SECRET: 'x', PARLEYED: 'x', PATH: '/' },
      ...{ PARLEY_SERVICE_HOST: '10.0.0.1', PARLEY_PORT_8790_TCP: 'tcp://10.0.0.1:8790' },
    };
    expect(strangeVariables(environment, ['PARLEY_SECRET'])).toEqual(['PARLEY_BUDGET_ACOUNT']);
    expect(takenVariables(environment)).toEqual([]);
  });

  it('passes over what Kubernetes sets for services that are called so, and tells what it has taken', () => {
    const links = {
      PARLEY_PORT: 'tcp://10.0.0.1:8790',
      PARLEY_SERVICE_HOST: '10.0.0.1',
      PARLEY_SERVICE_PORT_HTTP: '8790',
      PARLEY_PORT_8790_TCP_PROTO: 'tcp',
      PARLEY_REDIS_PORT: 'tcp://10.0.0.2:6379',
      PARLEY_REDIS_SERVICE_PORT: '6379',
      PARLEY_REDIS_PORT_6379_TCP_ADDR: '10.0.0.2',
    };
    expect(configOfEnvironment({ ...links, PARLEY_HOST: '0.0.0.0' })).toEqual({ host: '0.0.0.0' });
    expect(takenVariables(links)).toEqual(['PARLEY_PORT']);
    expect(strangeVariables(links, [])).toEqual([]);
    expect(() => configOfEnvironment({ PARLEY_PORT: 'http://10.0.0.1' })).toThrow(/^PARLEY_PORT: expected/);
  });

  it('shows no secret that stands in the wrong place', () => {
    expect(() => readConfig('parley.json', { port: 'ws://x/?api_key=s3cr3t-s3cr3t' })).toThrow(
      /^(?!.*s3cr3t)/,
    );
  });

  it('over another counts field by field', () => {
    const base = { port: 1, host: 'a', budgets: { user: 1, account: 2 }, origins: ['https://a.example'] };
    expect(mergeConfig(base, { port: 3, budgets: { user: 4 }, origins: [] })).toEqual({
      port: 3,
      host: 'a',
      budgets: { user: 4, account: 2 },
      origins: [],
    });
  });
});
