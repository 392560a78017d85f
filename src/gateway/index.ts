/** The speech gateway, for Node. */
export {
  createGateway,
  DEFAULT_PORT,
  type Gateway,
  type GatewayOptions,
  type ListenOptions,
} from './server.ts';
