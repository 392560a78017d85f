import { type RawData, WebSocket } from 'ws';
import type { OpenSocket } from './socket.ts';

/** Largest message taken from a service, bytes: over ten seconds of sound at 44.1 kHz. */
const MAX_PAYLOAD = 1024 * 1024;

/** Sockets of Node: they tell why a handshake was refused, and can hold a stream back. */
export const openNodeSocket: OpenSocket = (url, events) => {
  const socket = new WebSocket(url, {
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    followRedirects: false,
  });
  let status: number | undefined;
  let problem = '';
  socket.on('open', () => events.onOpen());
  socket.on('message', (data, binary) => {
    const bytes = bytesOf(data);
    events.onMessage(binary ? bytes : bytes.toString());
  });
  socket.on('unexpected-response', (request, response) => {
    status = response.statusCode;
    request.destroy(); // With a listener here, ending the request is ours to do.
    socket.terminate();
  });
  socket.on('error', (error) => {
    problem ||= error.message;
  });
  socket.on('close', (code, reason) =>
    events.onClose({ code, reason: reason.toString() || problem, status }),
  );
  return {
    send: (text) => socket.send(text),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  };
};

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
