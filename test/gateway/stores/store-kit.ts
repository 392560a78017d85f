/** Stores for tests: one of each kind, with as many gateways on it as a test wants. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { memoryStore } from '../../../src/gateway/stores/memory-store.ts';
import { openRedisStore, type RedisStoreOptions } from '../../../src/gateway/stores/redis-store.ts';
import type { Store } from '../../../src/gateway/stores/store.ts';
import { type RedisServer, startRedis } from '../../kit/redis.ts';

/** Makes a store as one gateway has it; all of one test are the same store. */
export type OpenStore = () => Promise<Store>;

export interface StoreKind {
  readonly name: string;
  readonly open: OpenStore;
}

let names = 0;

/** A server for the tests of a file, and gateways on it that are closed after each test. */
export function redisForFile(policy?: Parameters<typeof startRedis>[0]) {
  const open: Store[] = [];
  let server: RedisServer | undefined;
  let name = '';
  beforeAll(async () => {
    server = await startRedis(policy);
  });
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
    name = '';
  });
  afterAll(() => server?.close());
  return {
    get server() {
      return server!;
    },
    async store(options: Partial<RedisStoreOptions> = {}) {
      name ||= `test-${++names}`;
      const store = await openRedisStore({ url: server!.url, name, ...options });
      open.push(store);
      return store;
    },
  };
}

/** Both kinds. A test file calls it once, outside of its tests. */
export function storeKinds(): StoreKind[] {
  const redis = redisForFile();
  let memory: Store | undefined;
  afterEach(() => {
    memory = undefined;
  });
  return [
    {
      name: 'memory',
      open: async () => {
        memory ??= memoryStore();
        return memory;
      },
    },
    { name: 'Redis', open: () => redis.store() },
  ];
}
