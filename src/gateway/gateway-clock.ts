/**
 * The gateway's clock, milliseconds since 1970: the machine's time when the process began, and from there on a clock that is
 * never set. On machines whose time agrees, gateways agree too.
 */
export function gatewayNowMs(): number {
  return performance.timeOrigin + performance.now();
}
