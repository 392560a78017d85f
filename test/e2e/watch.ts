/** Runs in the page: notes what the visitor sees while lines are spoken. */
import type { Page } from 'playwright-core';
import type {} from '../../demo/main.ts';

/** What was seen since {@link startWatching}. */
export interface Seen {
  /** Words in the order in which the caption marked them. */
  readonly marked: string[];
  /** The furthest that each morph target of the mouth went, 0 to 1. */
  readonly furthest: Record<string, number>;
  /** Where those morph targets are now, the furthest of them all. */
  readonly now: number;
  /** The end of each line, in order. */
  readonly outcomes: string[];
}

declare global {
  interface Window {
    seen?: { marked: string[]; furthest: Record<string, number>; outcomes: string[] };
  }
}

/** Begins to note. */
export async function startWatching(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = { marked: [] as string[], furthest: {} as Record<string, number>, outcomes: [] as string[] };
    window.seen = seen;
    const { npcs, scene } = window.parleyDemo!;
    const mark = document.querySelector('mark')!;
    new MutationObserver(() => {
      const word = mark.textContent;
      if (word && word !== seen.marked.at(-1)) seen.marked.push(word);
    }).observe(mark, { childList: true });
    for (const npc of npcs)
      npc.onLineObservable.add((line) => {
        void line.finished.then(({ outcome }) => seen.outcomes.push(outcome));
      });
    scene.onAfterRenderObservable.add(() => {
      for (const manager of scene.morphTargetManagers)
        for (let i = 0; i < manager.numTargets; i++) {
          const { name, influence } = manager.getTarget(i);
          if (name.startsWith('viseme_')) seen.furthest[name] = Math.max(seen.furthest[name] ?? 0, influence);
        }
    });
  });
}

/** Waits until `count` lines have ended and the mouths had two more frames to come to rest. */
export async function untilEnded(page: Page, count: number): Promise<Seen> {
  await page.waitForFunction((wanted) => window.seen!.outcomes.length >= wanted, count, { timeout: 60_000 });
  return page.evaluate(async () => {
    const { scene } = window.parleyDemo!;
    const settledMs = performance.now() + 500;
    await new Promise<void>((resolve) => {
      const observer = scene.onAfterRenderObservable.add(() => {
        if (performance.now() < settledMs) return;
        observer.remove();
        scene.onAfterRenderObservable.addOnce(() => resolve());
      });
    });
    let now = 0;
    for (const manager of scene.morphTargetManagers)
      for (let i = 0; i < manager.numTargets; i++) {
        const { name, influence } = manager.getTarget(i);
        if (name.startsWith('viseme_')) now = Math.max(now, influence);
      }
    return { ...window.seen!, now };
  });
}

/** Where the chin of the first character is on the page, CSS pixels from the top: 13 cm below the eyes. */
export function chinOnPage(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scene } = window.parleyDemo!;
    const eye = scene.getTransformNodeByName('LeftEye')!.getAbsolutePosition();
    const canvas = document.querySelector('canvas')!.getBoundingClientRect();
    const chinY = eye.y - 0.13;
    const m = scene.getTransformMatrix().m;
    const y = eye.x * m[1]! + chinY * m[5]! + eye.z * m[9]! + m[13]!;
    const w = eye.x * m[3]! + chinY * m[7]! + eye.z * m[11]! + m[15]!;
    return canvas.top + ((1 - y / w) / 2) * canvas.height;
  });
}
