import { Observable } from '@babylonjs/core/Misc/observable.js';
import { afterEach, expect, it, vi } from 'vitest';
import { notify } from '../../../src/npc/notify.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('tells every observer, reports the error of one to the page, and keeps what observers ask for', () => {
  const reported: unknown[] = [];
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  const observable = new Observable<number>();
  const told: string[] = [];
  const fault = new Error('of the game');
  observable.add(() => {
    throw fault;
  });
  observable.addOnce((value) => told.push(`once ${value}`));
  observable.add((value) => told.push(`always ${value}`));
  notify(observable, 1);
  observable.removeCallback(() => {});
  expect(told).toEqual(['once 1', 'always 1']);
  expect(reported).toEqual([fault]);
});
