import type { EmotionName } from '../../src/index.ts';
import { CAST, type Member, VOICES } from '../cast.ts';
import { element } from './element.ts';
import { Moods } from './moods.ts';

/** A line as the visitor wrote it. */
export interface Draft {
  readonly text: string;
  readonly voice: string;
  readonly speed: number;
}

/** What the visitor asks for. */
export interface Wishes {
  speak(draft: Draft): void;
  stop(): void;
  choose(member: Member): void;
  /** Has a member feel so from now on. */
  feel(member: Member, mood: EmotionName): void;
}

/** The form: whom to talk to, the line, suggestions, voice, speed and mood. Enter speaks, Escape stops. */
export class Composer {
  readonly #wishes: Wishes;
  readonly #line = element('line', HTMLTextAreaElement);
  readonly #voice = element('voice', HTMLSelectElement);
  readonly #speed = element('speed', HTMLInputElement);
  readonly #speak = element('speak', HTMLButtonElement);
  readonly #stop = element('stop', HTMLButtonElement);
  readonly #chips = element('chips', HTMLElement);
  readonly #choices = new Map<Member, HTMLInputElement>();
  readonly #voices = new Map<Member, string>(CAST.map((member) => [member, member.voice]));
  readonly #feelings = new Map<Member, EmotionName>(CAST.map((member) => [member, member.mood]));
  readonly #moods: Moods;
  #chosen: Member = CAST[0]!;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    this.#voice.append(group('Women', 'F'), group('Men', 'M'));
    this.#moods = new Moods((mood) => {
      this.#feelings.set(this.#chosen, mood);
      wishes.feel(this.#chosen, mood);
    });
    const cast = element('cast', HTMLElement);
    for (const member of CAST) cast.append(this.#choice(member));
    this.choose(this.#chosen);

    const form = element('composer', HTMLFormElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#line.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#voice.addEventListener('change', () => this.#voices.set(this.#chosen, this.#voice.value));
    this.#speed.addEventListener('input', () => this.#showSpeed());
    this.#stop.addEventListener('click', () => wishes.stop());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) wishes.stop();
    });
    this.#showSpeed();
  }

  /** Lets the visitor speak; before that they can write already. */
  open(): void {
    this.#speak.disabled = false;
    this.#toLine();
  }

  /** Tells whether there is something to stop. */
  set speaking(speaking: boolean) {
    if (!speaking && document.activeElement === this.#stop) this.#toLine();
    this.#stop.disabled = !speaking;
  }

  /** Turns the form to this member, as when somebody clicks on them. */
  choose(member: Member): void {
    this.#chosen = member;
    this.#choices.get(member)!.checked = true;
    this.#voice.value = this.#voices.get(member)!;
    this.#moods.show(this.#feelings.get(member)!);
    this.#line.placeholder = `What shall ${member.name} say?`;
    this.#chips.replaceChildren(...member.lines.map((text) => this.#chip(text)));
  }

  /** How a member feels. */
  moodOf(member: Member): EmotionName {
    return this.#feelings.get(member)!;
  }

  /** The draft for a text that the visitor did not type. */
  draftOf(text: string): Draft {
    return { text, voice: this.#voice.value, speed: this.#speed.valueAsNumber };
  }

  #submit(): void {
    if (this.#speak.disabled) return;
    const text = this.#line.value.trim();
    if (this.#toLine())
      this.#line.select(); // The line stays, ready to be said again or typed over.
    else this.#line.blur();
    if (text !== '') this.#wishes.speak(this.draftOf(text));
  }

  /** Brings the writer back to the line; not where that would call up a keyboard over the face. */
  #toLine(): boolean {
    if (!matchMedia('(hover: hover)').matches) return false;
    this.#line.focus({ preventScroll: true });
    return true;
  }

  #choice(member: Member): HTMLElement {
    const label = document.createElement('label');
    const input = document.createElement('input');
    const name = document.createElement('strong');
    const role = document.createElement('small');
    Object.assign(input, { type: 'radio', name: 'member', value: member.name });
    name.textContent = member.name;
    role.textContent = member.role;
    label.append(input, name, role);
    input.addEventListener('change', () => {
      this.choose(member);
      this.#wishes.choose(member);
    });
    this.#choices.set(member, input);
    return label;
  }

  #chip(text: string): HTMLElement {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.addEventListener('click', () => {
      this.#line.value = text;
      if (!this.#speak.disabled) this.#wishes.speak(this.draftOf(text));
    });
    item.append(button);
    return item;
  }

  #showSpeed(): void {
    const text = `${this.#speed.valueAsNumber.toFixed(2)}×`;
    element('speed-value', HTMLOutputElement).textContent = text;
    this.#speed.ariaValueText = text;
  }
}

function group(label: string, initial: string): HTMLOptGroupElement {
  const made = document.createElement('optgroup');
  made.label = label;
  for (const voice of VOICES.filter((name) => name.startsWith(initial)))
    made.append(new Option(voice, voice));
  return made;
}
