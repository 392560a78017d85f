/** A gateway as a process of its own, with others on one Redis: `tsx gateway-process.ts REDIS`. It speaks chords. */
import { createGateway } from '../../src/gateway/server.ts';
import { openRedisStore } from '../../src/gateway/stores/redis-store.ts';
import { chordVoices } from './likeness.ts';

const [redis] = process.argv.slice(2);
if (!redis) throw new Error('Expected REDIS.');
const gateway = createGateway({ source: chordVoices(16_000), store: await openRedisStore({ url: redis }) });
await gateway.listen({ port: 0 });
console.log(`listening on ws://127.0.0.1:${gateway.address.port}/v1/speech`);
