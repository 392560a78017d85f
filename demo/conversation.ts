import type { EmotionName, Line, LineResult, Parley, TalkingNpc } from '../src/index.ts';
import type { Member } from './cast.ts';
import { knock, untilGatewayAnswers } from './gateway.ts';
import { explainAbsence, explainLine } from './trouble.ts';
import type { Caption } from './view/caption.ts';
import type { Composer, Draft } from './view/composer.ts';
import type { Invitation } from './view/invitation.ts';
import type { Notices } from './view/notices.ts';
import type { Readings } from './view/readings.ts';

/** The parts of the page that follow a line. */
export interface Views {
  readonly caption: Caption;
  readonly composer: Composer;
  readonly invitation: Invitation;
  readonly notices: Notices;
  readonly readings: Readings;
}

/** One line at a time between the visitor and the cast; a new one interrupts the old. */
export class Conversation {
  readonly #parley: Parley;
  readonly #npcs: ReadonlyMap<Member, TalkingNpc>;
  readonly #gatewayUrl: string;
  readonly #views: Views;
  readonly #met = new Set<Member>();
  #current: Line | undefined;
  /** Ends the wait for a gateway that does not answer. */
  #patience: AbortController | undefined;

  constructor(parley: Parley, npcs: ReadonlyMap<Member, TalkingNpc>, gatewayUrl: string, views: Views) {
    this.#parley = parley;
    this.#npcs = npcs;
    this.#gatewayUrl = gatewayUrl;
    this.#views = views;
    parley.onAudioStateObservable.add(() => this.#invite());
  }

  /** Says at once, rather than at the first line, that the gateway is missing, and until it is there. */
  async lookForGateway(): Promise<void> {
    if ((await knock(this.#gatewayUrl)) || this.#met.size > 0) return;
    this.#views.notices.show('line', explainAbsence(this.#gatewayUrl));
    const patience = new AbortController();
    this.#patience = patience;
    untilGatewayAnswers(this.#gatewayUrl, patience.signal).then(
      () => this.#forgetTrouble(),
      () => {
        // A line was said meanwhile, and tells for itself how it fares.
      },
    );
  }

  /** Whether this member has said anything yet. */
  hasMet(member: Member): boolean {
    return this.#met.has(member);
  }

  /** Has a member feel so from now on. */
  feel(member: Member, mood: EmotionName): void {
    this.#npcs.get(member)!.emotion = mood;
  }

  /** Has a member say a line, in place of whatever is being said. */
  say(member: Member, { text, voice, speed }: Draft): void {
    this.#forgetTrouble();
    for (const [other, npc] of this.#npcs) if (other !== member) void npc.stop();
    const line = this.#npcs.get(member)!.say(text, { voice, speed, whileSpeaking: 'interrupt' });
    this.#met.add(member);
    this.#current = line;
    const { caption, composer, readings } = this.#views;
    caption.show(member.name, line);
    readings.show(line);
    composer.speaking = true;
    this.#invite();
    line.onStateObservable.add(() => this.#invite());
    void line.finished.then((result) => this.#end(member, { text, voice, speed }, line, result));
  }

  /** Stops what is said, and gives up a line that waits for the gateway. */
  stop(): void {
    this.#forgetTrouble();
    this.#views.composer.speaking = false;
    for (const npc of this.#npcs.values()) void npc.stop();
  }

  #end(member: Member, draft: Draft, line: Line, { outcome, error, seconds }: LineResult): void {
    if (outcome === 'finished') this.#views.caption.finish(line);
    if (line !== this.#current) return;
    this.#current = undefined;
    this.#views.composer.speaking = false;
    this.#invite();
    if (outcome !== 'failed') return;
    const trouble = explainLine(error, this.#gatewayUrl, seconds);
    const again = () => this.say(member, draft);
    this.#views.notices.show('line', trouble, { label: 'Try again', run: again });
    if (trouble.passing) this.#sayWhenPassed(again);
  }

  /** Speaks the kept line as soon as the gateway answers, unless the visitor does something else first. */
  #sayWhenPassed(again: () => void): void {
    const patience = new AbortController();
    this.#patience = patience;
    this.#views.composer.speaking = true; // Stop and Escape give the line up.
    untilGatewayAnswers(this.#gatewayUrl, patience.signal).then(again, () => {
      // Given up: #forgetTrouble() has tidied up already.
    });
  }

  #forgetTrouble(): void {
    this.#patience?.abort();
    this.#patience = undefined;
    this.#views.notices.clear('line');
  }

  /** Asks for the gesture that browsers want before sound, when a line waits for it. */
  #invite(): void {
    const { invitation } = this.#views;
    const waits = this.#current?.state === 'waiting' && this.#parley.audioState === 'locked';
    if (waits) invitation.show('Click anywhere, or press a key, to hear the line');
    else if (this.#met.size > 0) invitation.hide();
  }
}
