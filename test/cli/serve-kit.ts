/** `parley serve` as operators run it, and what one asks of it. */
import { builtProgram, type Started, startListening } from '../kit/children.ts';
import { SpeechClient } from '../kit/speech-client.ts';
import { closing } from './say-kit.ts';

export interface Served extends Started {
  readonly port: number;
}

/** Starts it on a free port; it ends with the test. */
export async function served(...args: string[]): Promise<Served> {
  const gateway = await startListening(builtProgram(), 'serve', '--port', '0', ...args);
  closing.push(() => gateway.kill());
  return { ...gateway, port: Number(new URL(gateway.url).port) };
}

/** A connection of the own protocol, on which anything may be said at once; it ends with the test. */
export async function speaker({ port }: Served, headers: Record<string, string> = {}): Promise<SpeechClient> {
  const client = await SpeechClient.open(port, true, { headers });
  closing.push(() => client.socket.terminate());
  return client;
}

export async function healthOf({ url }: Served): Promise<{ status: string; reasons?: string[] }> {
  return (await fetch(`${url}/healthz`)).json() as Promise<{ status: string; reasons?: string[] }>;
}

/** The number of a line of metrics; 0 where there is none. */
export async function metric({ url }: Served, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`parley_${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
