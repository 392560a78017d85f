/** Whether an address that a server is bound to can be reached from this machine only. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a page of this origin was served from this machine. WebSockets know no CORS: any page on the web may try to
 * open one to this machine, so its `Origin` is all that tells it from our own.
 */
export function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && LOOPBACK_NAMES.has(hostname);
}

/**
 * Whether whoever asked believes to speak to this machine, by `Host`. A proxy that says nothing of whom it sends on often
 * leaves them the public name; and a page whose name is bent to 127.0.0.1 has its own name there.
 */
export function isLoopbackHost(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return LOOPBACK_NAMES.has(hostname) || /^127(\.\d+){3}$|\.localhost$/.test(hostname);
}
