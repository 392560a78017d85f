/** Timing where a service sends none, or a wrong one. */

export type { TimingRepair } from '../../lipsync/timing/mender.ts';
export type { WorkerPlace } from './open-ears.ts';
export { type TimedReplies, type TimedRepliesOptions, timedReplies } from './timed-replies.ts';
export { type TimedVoicesOptions, timedVoices } from './timed-voices.ts';
