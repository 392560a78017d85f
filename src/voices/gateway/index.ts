/** Speech over a gateway, for pages and Node. */
export {
  type GatewayLineInfo,
  type GatewayVoices,
  type GatewayVoicesOptions,
  gatewayVoices,
  type JoinedReply,
  type JoinOptions,
} from './gateway-voices.ts';
export type { LineInvitation, ShareOptions } from './shared-line.ts';
