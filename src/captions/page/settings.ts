import type { Line } from '../../npc/line.ts';
import type { TalkingNpc } from '../../npc/talking-npc.ts';
import { Field } from '../../speech/field.ts';
import { readColour } from '../colours.ts';
import type { Direction } from '../direction.ts';

/** What a player may want otherwise; for the page of settings of a game. */
export interface CaptionSettings {
  /** Whether captions are seen. Screen readers are told either way. Default true. */
  readonly visible: boolean;
  /**
   * Size of the text, percent, 100 to 200. 100, the default, is 46 pixels on a screen of 1080 (Game Accessibility
   * Guidelines), less where the picture is narrow, never below 16 pixels.
   */
  readonly sizePercent: number;
  /** Colour behind the text, `#rrggbb`; the text is white or black, whichever stands out. Default black. */
  readonly background: string;
  /** How much of the picture the background hides, 0 to 1. Below 0.6 contrast depends on the picture. Default 0.8. */
  readonly backgroundOpacity: number;
  /** `high`: a whole background, and names of a contrast of 7 to 1. `auto`, the default: where the player's system asks for more. */
  readonly contrast: 'auto' | 'normal' | 'high';
  /** At which edge of the picture. Default `bottom`. */
  readonly position: 'bottom' | 'top';
  /**
   * How much of the phrase that is spoken is seen: `phrase`, the default, is all of it; `spoken` up to the word that is heard;
   * `marked` is all of it with that word marked. With reduced motion `spoken` is `phrase`.
   */
  readonly words: 'phrase' | 'spoken' | 'marked';
  /** Captions at once, 1 to 5; fewer where they would take more than half of the picture. Default 3. */
  readonly most: number;
  /** How far chatter is captioned, metres; 0 for lines of the story and to the player alone. Default 10. */
  readonly chatterMetres: number;
  /** Whether screen readers are told lines of the story and lines to the player, phrase by phrase. Default true. */
  readonly announces: boolean;
  /** Nothing moves or fades. Default: what the player's system asks for. */
  readonly reducedMotion: boolean | 'auto';
}

/** Most captions at once. */
export const MOST_CAPTIONS = 5;

/** What is read to those who cannot see it, in the player's language. */
export type CaptionLabels = Readonly<Record<Exclude<Direction, 'here'> | 'captions', string>>;

/** How captions are shown. */
export interface CaptionOptions extends Partial<CaptionSettings> {
  /** What they lie over; it is positioned `relative` where it is not positioned. Default: the parent of the canvas. */
  readonly parent?: HTMLElement;
  /** Colours of speakers by their names, `#rrggbb`; made lighter or darker where the contrast wants it. */
  readonly colours?: Readonly<Record<string, string>>;
  /** Lines that are shown elsewhere, as in bubbles: they have no caption while this is true. Asked once a frame. */
  readonly except?: (npc: TalkingNpc, line: Line) => boolean;
  /** Default: English. */
  readonly labels?: Partial<CaptionLabels>;
}

export const DEFAULT_SETTINGS: CaptionSettings = {
  visible: true,
  sizePercent: 100,
  background: '#000000',
  backgroundOpacity: 0.8,
  contrast: 'auto',
  position: 'bottom',
  words: 'phrase',
  most: 3,
  chatterMetres: 10,
  announces: true,
  reducedMotion: 'auto',
};

export const DEFAULT_LABELS: CaptionLabels = {
  captions: 'Captions',
  left: 'left',
  right: 'right',
  behind: 'behind',
  above: 'above',
  below: 'below',
};

const CHECKS: Readonly<Record<keyof CaptionSettings, (field: Field) => unknown>> = {
  visible: switched,
  sizePercent: (field) => field.number(100, 200),
  background: coloured,
  backgroundOpacity: (field) => field.number(0, 1),
  contrast: (field) => field.oneOf(['auto', 'normal', 'high']),
  position: (field) => field.oneOf(['bottom', 'top']),
  words: (field) => field.oneOf(['phrase', 'spoken', 'marked']),
  most: (field) => field.whole(1, MOST_CAPTIONS),
  chatterMetres: (field) => (field.value === Number.POSITIVE_INFINITY ? field.value : field.number(0)),
  announces: switched,
  reducedMotion: (field) => field.value === 'auto' || switched(field),
};

/** The settings among `given`, checked; `place` is where they came from. Throws `InputError` for one that is wrong or unknown. */
export function checkedSettings(
  given: object,
  place: string,
  others: readonly string[] = [],
): Partial<CaptionSettings> {
  const file = new Field(given, place);
  if (typeof given !== 'object' || given === null) throw file.wrong('an object');
  const known = [...Object.keys(CHECKS), ...others];
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) throw file.wrong(known.join(', '), `a field ${name}`);
    if (value === undefined || others.includes(name)) continue;
    CHECKS[name as keyof CaptionSettings](file.get(name));
    settings[name] = value;
  }
  return settings;
}

/** Throws `InputError` for colours that are none. */
export function checkColours(colours: object, place: string): void {
  const field = new Field(colours, place);
  if (typeof colours !== 'object' || colours === null) throw field.wrong('colours by names');
  for (const name of Object.keys(colours)) coloured(field.get(name));
}

function switched(field: Field): void {
  if (typeof field.value !== 'boolean') throw field.wrong('true or false');
}

function coloured(field: Field): void {
  if (!readColour(String(field.value))) throw field.wrong('a colour such as #ffcc88');
}
