/** Speech over a gateway, for pages and Node. */
export {
  type GatewayLineInfo,
  type GatewayVoices,
  type GatewayVoicesOptions,
  gatewayVoices,
  type JoinOptions,
} from './gateway-voices.ts';
