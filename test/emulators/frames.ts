/** What emulators read of their visitors. */
import type { IncomingMessage } from 'node:http';

/** Fields of an object that came as JSON. */
export type Fields = Record<string, unknown>;

/** The subprotocols that a visitor offers. */
export function protocolsOf({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The object in a text message; undefined for anything else. */
export function objectIn(data: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

/** An object, or one without fields. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
