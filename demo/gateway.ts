/** Where the speech gateway listens when nothing else is said. */
const USUAL = 'ws://127.0.0.1:8790/ws';

/** How long a gateway may take to answer a knock, and the pause between two knocks. Milliseconds. */
const ANSWER_MS = 3000;
const PAUSE_MS = 2000;

/** The gateway's address: `?gateway=…` of the page, else what the page was built or started with, else the usual. */
export function gatewayUrl(): string {
  const asked = new URLSearchParams(location.search).get('gateway');
  const built: unknown = import.meta.env.VITE_PARLEY_GATEWAY;
  return asked || (typeof built === 'string' && built) || USUAL;
}

/** Resolves when the gateway accepts a connection; knocks until then. Rejects only by `signal`. */
export async function untilGatewayAnswers(url: string, signal: AbortSignal): Promise<void> {
  while (!(await knock(url))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    signal.throwIfAborted();
  }
  signal.throwIfAborted();
}

/** Whether the gateway accepts a connection now. */
export function knock(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const finish = (answered: boolean) => {
      clearTimeout(patience);
      socket.onopen = socket.onerror = null;
      socket.close();
      resolve(answered);
    };
    const patience = setTimeout(() => finish(false), ANSWER_MS);
    socket.onopen = () => finish(true);
    socket.onerror = () => finish(false);
  });
}
