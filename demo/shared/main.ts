import '@fontsource-variable/newsreader/wght.css';
import {
  CreateParleyAsync,
  gatewayVoices,
  type Line,
  type LineInvitation,
  type Parley,
  type TalkingNpc,
} from '../../src/index.ts';
import { CAST, type Member } from '../cast.ts';
import { gatewayUrl } from '../gateway.ts';
import { loadCharacter } from '../scene/characters.ts';
import { setStage } from '../scene/stage.ts';
import { explainLine, explainSound, NO_PICTURE } from '../trouble.ts';
import { Caption } from '../view/caption.ts';
import { Curtain } from '../view/curtain.ts';
import { element } from '../view/element.ts';
import { Notices } from '../view/notices.ts';
import { Neighbours } from './neighbours.ts';
import { World } from './world.ts';

declare global {
  interface Window {
    /** For tests and for the curious in the console. Set once the page is ready. */
    parleyShared?: { parley: Parley; npcs: ReadonlyMap<string, TalkingNpc>; neighbours: Neighbours };
  }
}

/** Between the two, metres: where the camera looks, and how far to the side it stands. */
const [ASIDE, VIEW] = [0.32, 0.2];

/** A line under way: its name, and how much of it was over where this window came in, seconds. */
interface Running {
  readonly line: Line;
  name: string;
  from(): number;
}

const url = gatewayUrl().replace(/\/ws$/, '/v1/speech');
const voices = gatewayVoices(url);
const notices = new Notices();
const caption = new Caption();
const neighbours = new Neighbours();
const text = element('line', HTMLTextAreaElement);
const npcs = new Map<string, TalkingNpc>();
let chosen: Member = CAST[0]!;
let running: Running | undefined;
let frameMs = 0;

function follow(name: string, next: Running): void {
  const { line } = next;
  running = next;
  caption.show(name, line);
  void line.finished.then(({ outcome, error, seconds }) => {
    caption.finish(line);
    if (running === next) running = undefined;
    // Who enters may be told of a line that has just ended.
    const missed = error && 'code' in error && error.code === 'empty';
    if (outcome === 'failed' && !missed) notices.show('line', explainLine(error, url, seconds));
    else notices.clear('line');
  });
}

/** This player has somebody speak. */
function say({ name }: Member, words: string, world: World): void {
  const tell = (invitation: LineInvitation) => {
    next.name = invitation.share + invitation.at;
    world.tell({ npc: name, invitation });
  };
  const line = npcs.get(name)!.say(voices.share(words, tell));
  const next: Running = { line, name: '', from: () => 0 };
  follow(name, next);
}

function offer(world: World): void {
  const list = element('cast', HTMLFieldSetElement);
  for (const member of CAST) {
    const label = document.createElement('label');
    const radio = Object.assign(document.createElement('input'), { type: 'radio', name: 'member' });
    radio.checked = member === chosen;
    radio.onchange = () => {
      chosen = member;
      text.value = member.lines[0]!;
    };
    const name = document.createElement('strong');
    name.textContent = member.name;
    const role = document.createElement('small');
    role.textContent = member.role;
    label.append(radio, name, role);
    list.append(label);
  }
  text.value = chosen.greeting;
  element('speak', HTMLButtonElement).disabled = false;
  element('composer', HTMLFormElement).onsubmit = (event) => {
    event.preventDefault();
    if (text.value.trim()) say(chosen, text.value.trim(), world);
  };
}

function showReadings(): void {
  const clock = voices.clockOffset;
  const apart = neighbours.apartMs;
  element('reading-clock', HTMLElement).textContent = clock
    ? `known to ±${clock.errorMs.toFixed(1)} ms`
    : '–';
  element('reading-place', HTMLElement).textContent = running
    ? `${(running.from() + running.line.playhead).toFixed(2)} s`
    : '–';
  element('reading-apart', HTMLElement).textContent =
    apart === undefined ? '–' : `${Math.abs(apart).toFixed(1)} ms`;
}

async function open(): Promise<void> {
  const curtain = new Curtain();
  const stage = await setStage(
    element('scene', HTMLCanvasElement),
    matchMedia('(prefers-reduced-motion: reduce)'),
  );
  const { scene, camera, lights } = stage;
  if (!lights) notices.show('picture', NO_PICTURE);
  const characters = await Promise.all(
    CAST.map((member) =>
      loadCharacter(scene, member, lights !== undefined, (loaded, total) =>
        curtain.progress(member.name, loaded, total),
      ),
    ),
  );
  for (const { meshes } of characters) lights?.add(meshes);
  camera.lookAt(characters[0]!.eyes, ASIDE, VIEW, false);
  await scene.whenReadyAsync();
  curtain.open();

  const frameTime = () => {
    frameMs = performance.now();
    return frameMs;
  };
  const parley = await CreateParleyAsync(scene, { voices, frameTime });
  for (const [nth, { name, voice, mood }] of CAST.entries())
    npcs.set(name, parley.addNpc(characters[nth]!.root, { name, voice, emotion: mood }));
  scene.onAfterRenderObservable.add(() => {
    if (running?.name && running.line.state === 'speaking' && running.line.playhead > 0)
      neighbours.tell(running.name, frameMs, running.from() + running.line.playhead);
  });

  const world = new World({
    onLine({ npc, invitation }) {
      const reply = voices.join(invitation);
      const line = npcs.get(npc)?.say(reply);
      const name = invitation.share + invitation.at;
      if (line) follow(npc, { line, name, from: () => reply.from ?? 0 });
    },
    onPeople(count) {
      const people = element('reading-people', HTMLElement);
      people.textContent = count === 0 ? 'nobody answers' : count === 1 ? 'you alone' : `${count} people`;
    },
  });
  offer(world);
  setInterval(showReadings, 200);
  window.parleyShared = { parley, npcs, neighbours };
}

open().catch((error: unknown) => {
  notices.show('sound', explainSound(error));
  console.error(error);
});
