import type { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import type { AnimationState } from '../cutscene/beat-changes.ts';
import type { Channel } from './channel.ts';

/** How long an animation group lasts at speed 1, seconds. */
export function secondsOf(group: AnimationGroup | null): number | undefined {
  return group ? (group.to - group.from) / frameRateOf(group) : undefined;
}

/**
 * What an animation group shows: its frame is a function of the playhead, and Babylon's own clock never moves it. Before it
 * plays it stands at its first frame.
 */
export function animationChannel(group: AnimationGroup): Channel {
  const seconds = secondsOf(group)!;
  const rate = frameRateOf(group);
  const still: AnimationState = { since: 0, backwards: false, offset: 0, speed: 0, loop: false };
  group.stop();
  group.start(true);
  group.pause();
  return {
    initial: still,
    write(value, now) {
      const { since, backwards, offset, speed, loop } = value as AnimationState;
      const run = (backwards ? seconds : 0) + offset + (now - since) * speed;
      group.goToFrame(group.from + rate * placeIn(run, seconds, loop));
    },
  };
}

/** Where an animation is after so many seconds of it: round and round, or at its end. */
function placeIn(run: number, seconds: number, loop: boolean): number {
  if (!loop || seconds <= 0) return Math.min(Math.max(run, 0), seconds);
  return ((run % seconds) + seconds) % seconds;
}

function frameRateOf(group: AnimationGroup): number {
  return group.targetedAnimations[0]?.animation.framePerSecond ?? 60;
}
