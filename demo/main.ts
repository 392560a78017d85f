import '@fontsource-variable/newsreader/wght.css';
import { CreateParleyAsync, lokutorVoices, type Parley, type TalkingNpc } from '../src/index.ts';
import { CAST, type Member } from './cast.ts';
import { Conversation } from './conversation.ts';
import { gatewayUrl } from './gateway.ts';
import { type Character, loadCharacter } from './scene/characters.ts';
import { memberAt } from './scene/pick.ts';
import { setStage } from './scene/stage.ts';
import { explainMissing, explainSound, NO_PICTURE, NO_SOUND } from './trouble.ts';
import { Caption } from './view/caption.ts';
import { Composer } from './view/composer.ts';
import { Curtain } from './view/curtain.ts';
import { element } from './view/element.ts';
import { Invitation } from './view/invitation.ts';
import { Notices } from './view/notices.ts';
import { Readings } from './view/readings.ts';

declare global {
  interface Window {
    /** For tests and for the curious in the console: all that speaks and the scene it stands in. Set once the page is ready. */
    parleyDemo?: { parley: Parley; npcs: readonly TalkingNpc[]; scene: Parley['scene'] };
  }
}

/** The camera stands further aside than the characters turn: a face is best seen a little from the side. */
const VIEW = 1.2;

const canvas = element('scene', HTMLCanvasElement);
const notices = new Notices();
const curtain = new Curtain();
const stage = await setStage(canvas, matchMedia('(prefers-reduced-motion: reduce)'));
if (!stage.lights) notices.show('picture', NO_PICTURE);

const characters = new Map<Member, Character>();
let chosen: Member = CAST[0]!;
let conversation: Conversation | undefined;

const composer = new Composer({
  speak: (draft) => conversation?.say(chosen, draft),
  stop: () => conversation?.stop(),
  choose: turnTo,
  feel: (member, mood) => conversation?.feel(member, mood),
});
const invitation = new Invitation(greet);

/** Brings a member before the camera. */
function turnTo(member: Member, glide = true): void {
  chosen = member;
  const character = characters.get(member);
  if (character) stage.camera.lookAt(character.eyes, member.aside, member.turn * VIEW, glide);
  if (conversation && !conversation.hasMet(member)) invite();
}

function greet(): void {
  if (conversation?.hasMet(chosen) === false) conversation.say(chosen, composer.draftOf(chosen.greeting));
}

function invite(): void {
  invitation.show(`Click anywhere to hear ${chosen.name}`);
}

async function loadCast(): Promise<void> {
  const drawn = stage.lights !== undefined;
  await Promise.all(
    CAST.map(async (member) => {
      const onBytes = (loaded: number, total: number) => curtain.progress(member.name, loaded, total);
      const character = await loadCharacter(stage.scene, member, drawn, onBytes);
      characters.set(member, character);
      stage.lights?.add(character.meshes);
    }),
  );
  const missing = [...characters].filter(([, character]) => character.missing);
  const reason = missing[0]?.[1].missing?.message;
  if (reason)
    notices.show(
      'files',
      explainMissing(
        missing.map(([{ name }]) => name),
        reason,
      ),
    );
}

async function open(): Promise<void> {
  await loadCast();
  turnTo(chosen, false);
  await stage.scene.whenReadyAsync();
  curtain.open();

  const url = gatewayUrl();
  const parley = await CreateParleyAsync(stage.scene, { voices: lokutorVoices({ url }), whenLocked: 'wait' });
  if (parley.audioState === 'none') notices.show('sound', NO_SOUND);
  const npcs = new Map(
    CAST.map((member) => {
      const { root } = characters.get(member)!;
      const { name, voice } = member;
      return [member, parley.addNpc(root, { name, voice, emotion: composer.moodOf(member) })] as const;
    }),
  );
  const views = { caption: new Caption(), composer, invitation, notices, readings: new Readings() };
  conversation = new Conversation(parley, npcs, url, views);
  void conversation.lookForGateway();
  composer.open();
  invite();
  window.parleyDemo = { parley, npcs: [...npcs.values()], scene: stage.scene };
}

/** A click on the picture chooses who stands there; whoever has not spoken yet then greets. */
canvas.addEventListener('click', (event) => {
  const member = memberAt(stage.scene, characters, event);
  if (member && member !== chosen) {
    composer.choose(member);
    turnTo(member);
  }
  greet();
});

open().catch((error: unknown) => {
  curtain.open();
  notices.show('sound', explainSound(error));
  console.error(error);
});
