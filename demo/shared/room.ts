/** Runs in Node: the room of a shared world. It tells everybody what one says, and who enters what is being said. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** How long a line may last: who enters is told of none that is older, milliseconds. */
const LONGEST_LINE_MS = 60_000;

/** A server, as far as the room needs it. */
interface Upgrading {
  on(event: 'upgrade', listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown;
}

/** Opens the room on `/room` of a server. A game would ask here who may have whom speak. */
export function openRoom(server: Upgrading): void {
  const room = new WebSocketServer({ noServer: true, maxPayload: 4_096 });
  const latest = new Map<string, { readonly message: string; readonly toldMs: number }>();
  const tell = (message: string, except?: WebSocket) => {
    for (const socket of room.clients) if (socket !== except) socket.send(message);
  };
  const count = () => tell(JSON.stringify({ people: room.clients.size }));

  room.on('connection', (socket) => {
    count();
    for (const { message, toldMs } of latest.values())
      if (performance.now() - toldMs < LONGEST_LINE_MS) socket.send(message);
    socket.on('message', (data) => {
      const message = String(data);
      latest.set(nameIn(message), { message, toldMs: performance.now() });
      tell(message, socket);
    });
    socket.on('close', count);
    socket.on('error', () => socket.terminate());
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/room') return;
    room.handleUpgrade(request, socket, head, (entered) => room.emit('connection', entered, request));
  });
}

function nameIn(message: string): string {
  try {
    return String(JSON.parse(message).npc);
  } catch {
    return ''; // Whoever gets it will say what is wrong with it.
  }
}
