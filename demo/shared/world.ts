import type { LineInvitation } from '../../src/index.ts';

/** What players tell one another: whose line it is, and how to hear it. */
export interface Told {
  readonly npc: string;
  readonly invitation: LineInvitation;
}

/** What a player is told. */
export interface WorldEvents {
  onLine(told: Told): void;
  onPeople(count: number): void;
}

/** Pause before the room is knocked at again, milliseconds. */
const PAUSE_MS = 2_000;

/** The game's own network: a room on the server that the page came from. */
export class World {
  readonly #events: WorldEvents;
  #socket: WebSocket | undefined;

  constructor(events: WorldEvents) {
    this.#events = events;
    this.#enter();
  }

  tell(told: Told): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(told));
  }

  #enter(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/room`);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if ('people' in message) this.#events.onPeople(message.people);
      else this.#events.onLine(message);
    };
    socket.onclose = () => {
      this.#events.onPeople(0);
      setTimeout(() => this.#enter(), PAUSE_MS);
    };
  }
}
