import { InputError } from '../speech/errors.ts';
import type { BeginOptions, LineAudio, LinePlayer } from './line-player.ts';
import { SilentLine } from './silent-line.ts';

/**
 * Plays lines on a virtual clock, without sound: where there is no audio device, or before the page may make sound.
 * Mouth, captions and the end of the line are the same behind the same playhead. Stepped by {@link update}.
 */
export class SilentPlayer implements LinePlayer {
  #line: SilentLine | undefined;
  #disposed = false;

  begin(options: BeginOptions): LineAudio {
    if (this.#disposed) throw new InputError('begin()', 'a player in use', 'a disposed one');
    if (this.#line && this.#line.state !== 'ended') {
      throw new InputError('begin()', 'a player whose last line has ended', 'one that still plays');
    }
    this.#line = new SilentLine(options);
    return this.#line;
  }

  /** Moves the virtual clock to `performanceMs`; called once a frame. */
  update(performanceMs: number): void {
    this.#line?.update(performanceMs);
  }

  dispose(): void {
    this.#disposed = true;
    this.#line?.stop();
  }
}
