import type { EmotionName } from '../../src/index.ts';
import { element } from './element.ts';

/** Moods to choose from, in rows of four, and what they are called here. */
const MOODS: readonly (readonly [mood: EmotionName, label: string])[] = [
  ['neutral', 'calm'],
  ['warm', 'warm'],
  ['happy', 'happy'],
  ['surprised', 'amazed'],
  ['sad', 'sad'],
  ['afraid', 'afraid'],
  ['angry', 'angry'],
  ['disgusted', 'disgusted'],
];

/** The choice of how the chosen member feels; the face follows at once. */
export class Moods {
  readonly #inputs = new Map<EmotionName, HTMLInputElement>();

  constructor(choose: (mood: EmotionName) => void) {
    const list = element('moods', HTMLElement);
    for (const [mood, label] of MOODS) {
      const choice = document.createElement('label');
      const input = document.createElement('input');
      Object.assign(input, { type: 'radio', name: 'mood', value: mood });
      input.addEventListener('change', () => choose(mood));
      const word = document.createElement('span');
      word.textContent = label;
      choice.append(input, word);
      list.append(choice);
      this.#inputs.set(mood, input);
    }
  }

  /** Shows the mood of another member. */
  show(mood: EmotionName): void {
    this.#inputs.get(mood)!.checked = true;
  }
}
