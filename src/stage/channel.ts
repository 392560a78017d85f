import type { ChannelValue } from '../cutscene/changes.ts';
import type { WriteChannel } from '../cutscene/state-writer.ts';

/** Something of the scene that a cutscene moves. */
export interface Channel {
  /** What it was when it was bound; undefined where nobody knows. */
  readonly initial: ChannelValue | undefined;
  readonly write: WriteChannel;
}
