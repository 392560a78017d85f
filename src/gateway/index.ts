/** Parley for Node: the speech server, and what voice sources need outside a page. */
export { type Lexicon, readLexicon } from '../speech/lexicon.ts';
export { type MarkedVoicesOptions, markedVoices } from '../speech/marked-voices.ts';
export { espeakVoices } from '../synth/espeak-voices.ts';
export { localVoices } from '../synth/local-voices.ts';
export { type FirstWaiting, type LeaseStore, memoryLeases } from '../voices/pool/lease-store.ts';
export { type PooledVoices, type PoolOptions, poolVoices } from '../voices/pool/pool.ts';
export type { PoolService, ServiceLoad } from '../voices/pool/pool-service.ts';
export { type NodeSocketOptions, nodeSockets, openNodeSocket } from '../voices/session/node-socket.ts';
export { DEFAULT_PORT } from './default-port.ts';
export { SERVICE_VOICES } from './dialects/service-voices.ts';
export type { VariantSettings } from './dialects/variants.ts';
export type { GatewayOptions, KeepingOptions } from './gateway-options.ts';
export type { LineDeskOptions } from './lines/desk-options.ts';
export { type LineCounts, type LineDesk, openLineDesk } from './lines/line-desk.ts';
export type { LineHead } from './lines/line-log.ts';
export type { LinePlace, LinePriority, LineRequest, SharedLine } from './lines/line-request.ts';
export { createLog, type GatewayLog, type LogLevel, type LogOptions } from './operation/gateway-log.ts';
export {
  createGateway,
  type Gateway,
  type ListenOptions,
} from './server.ts';
export { memoryStore } from './stores/memory-store.ts';
export { openRedisStore, type RedisStore, type RedisStoreOptions } from './stores/redis-store.ts';
export type { Store, StoreState } from './stores/store.ts';
export type { BudgetOptions } from './tickets/budgets.ts';
export { type GatewayKey, GatewayKeys, readGatewayKeys } from './tickets/gateway-keys.ts';
export { readGrant, type Scopes, type TicketGrant, type TicketRefusal } from './tickets/scopes.ts';
export type { TicketOptions } from './tickets/ticket-desk.ts';
export type { TicketKey } from './tickets/ticket-keys.ts';
