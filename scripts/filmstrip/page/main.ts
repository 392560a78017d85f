import type { Sheet, Shown } from '../shown.ts';
import { Actor } from './actor.ts';
import { drawSheet } from './sheet.ts';
import { Strip } from './strip.ts';
import { Take } from './take.ts';

/** Size of a picture, pixels of the strip. */
const WIDTH = 160;
const HEIGHT = 200;

window.film = async (shown: Shown): Promise<string> => {
  const { character, turn, from, to, fps } = shown;
  const actor = await Actor.createAsync({ character, turn, width: WIDTH, height: HEIGHT });
  const take = new Take(shown, shown.emotion);
  const count = Math.max(1, Math.floor((to - from) * fps));
  const strip = new Strip(shown, { width: WIDTH, height: HEIGHT, count });
  for (let frame = 0; frame < count; frame++) {
    strip.addPicture(frame, actor.draw(take.poseAt(from + frame / fps)));
  }
  strip.addTracks((time) => take.openAt(time));
  actor.dispose();
  return strip.toDataURL();
};

window.portray = async (sheet: Sheet): Promise<string> => {
  const { character, turn } = sheet;
  const actor = await Actor.createAsync({ character, turn, width: WIDTH, height: HEIGHT });
  const url = drawSheet(actor, sheet, WIDTH, HEIGHT).toDataURL(sheet.type, 0.88);
  actor.dispose();
  return url;
};
