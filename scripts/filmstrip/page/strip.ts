import type { Shown } from '../shown.ts';

/** Size of the pictures, pixels, and how many there are. */
export interface Pictures {
  readonly width: number;
  readonly height: number;
  readonly count: number;
}

/** Heights of what stands below each row of pictures, pixels. */
const STAMP = 16;
const TRACK = 46;
const SHAPES = 16;
const WORDS = 30;
const GAP = 10;
/** Opening that fills the track, millimetres. */
const FULL_MM = 18;

const PAPER = '#15171c';
const INK = '#e9e6df';
const DIM = '#8b8f99';
const SOUND = '#3c4656';
const LIPS = '#f2a65a';

/** Rows of pictures side by side; below each its times, its sound, the opening of the lips, its shapes and its words. */
export class Strip {
  readonly #shown: Shown;
  readonly #pictures: Pictures;
  readonly #canvas = document.createElement('canvas');
  readonly #pen: CanvasRenderingContext2D;

  constructor(shown: Shown, pictures: Pictures) {
    this.#shown = shown;
    this.#pictures = pictures;
    const columns = Math.min(shown.columns, pictures.count);
    this.#canvas.width = columns * pictures.width;
    this.#canvas.height = Math.ceil(pictures.count / columns) * this.#rowHeight - GAP;
    const pen = this.#canvas.getContext('2d');
    if (!pen) throw new Error('expected a 2d context');
    this.#pen = pen;
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    pen.imageSmoothingQuality = 'high';
  }

  get #rowHeight(): number {
    return this.#pictures.height + STAMP + TRACK + SHAPES + WORDS + GAP;
  }

  addPicture(frame: number, picture: HTMLCanvasElement): void {
    const { width, height } = this.#pictures;
    const [x, y] = [(frame % this.#shown.columns) * width, this.#top(frame)];
    this.#pen.drawImage(picture, x + 1, y, width - 2, height);
    const time = this.#shown.from + frame / this.#shown.fps;
    this.#write(`${time.toFixed(2)} s`, x + width / 2, y + height + 12, 11, DIM);
    this.#pen.fillStyle = DIM;
    this.#pen.fillRect(x + width / 2, y + height + STAMP - 2, 1, 4);
  }

  /** `openAt`: opening of the lips at a line time, millimetres. */
  addTracks(openAt: (time: number) => number): void {
    const { columns, fps, from } = this.#shown;
    for (let first = 0; first < this.#pictures.count; first += columns) {
      const pictures = Math.min(columns, this.#pictures.count - first);
      const top = this.#top(first) + this.#pictures.height + STAMP + 4;
      // A picture's moment is in its middle.
      const start = from + (first - 0.5) / fps;
      this.#addRow(
        { start, end: start + pictures / fps, top, width: pictures * this.#pictures.width },
        openAt,
      );
    }
  }

  toDataURL(): string {
    return this.#canvas.toDataURL('image/png');
  }

  #addRow(row: Row, openAt: (time: number) => number): void {
    const { samples, sampleRate, cues, words } = this.#shown;
    const pen = this.#pen;
    const bottom = row.top + TRACK - 6;
    const xOf = (time: number): number => ((time - row.start) / (row.end - row.start)) * row.width;
    const timeOf = (x: number): number => row.start + (x / row.width) * (row.end - row.start);
    pen.fillStyle = SOUND;
    for (let x = 0; x < row.width; x++) {
      let peak = 0;
      for (let i = Math.max(0, timeOf(x) * sampleRate) | 0; i < timeOf(x + 1) * sampleRate; i++) {
        peak = Math.max(peak, Math.abs(samples[i] ?? 0));
      }
      const height = (peak / 32_768) * (TRACK - 6);
      pen.fillRect(x, bottom - height, 1, height + 1);
    }
    pen.strokeStyle = LIPS;
    pen.lineWidth = 2;
    pen.beginPath();
    for (let x = 0; x <= row.width; x++) {
      pen.lineTo(x, bottom - (openAt(timeOf(x)) / FULL_MM) * (TRACK - 8));
    }
    pen.stroke();
    for (const { viseme, start, end } of cues) {
      const x = xOf(start);
      if (viseme === 'sil' || xOf(end) < 0 || x > row.width) continue;
      pen.fillStyle = SOUND;
      pen.fillRect(x, bottom, 1, SHAPES);
      this.#write(viseme, (x + xOf(end)) / 2, bottom + 13, 11, DIM);
    }
    for (const { text, start, end } of words) {
      if (xOf(end) < 0 || xOf(start) > row.width) continue;
      pen.fillStyle = LIPS;
      pen.fillRect(xOf(start) + 1, bottom + SHAPES + 4, xOf(end) - xOf(start) - 2, 2);
      this.#write(text, (xOf(start) + xOf(end)) / 2, bottom + SHAPES + 24, 16, INK);
    }
  }

  #top(frame: number): number {
    return Math.floor(frame / this.#shown.columns) * this.#rowHeight;
  }

  #write(text: string, x: number, y: number, size: number, colour: string): void {
    this.#pen.font = `${size}px Georgia, 'DejaVu Serif', serif`;
    this.#pen.fillStyle = colour;
    this.#pen.textAlign = 'center';
    this.#pen.fillText(text, x, y);
  }
}

/** A row of the strip: its moments, seconds, and its place, pixels. */
interface Row {
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly width: number;
}
