/**
 * Where the worker lies that listens to lines: a file of its own beside this module. Bundlers see this very form and copy
 * it; `worker` of `timedVoices` names another place.
 */
export const WORKER_URL = new URL('./timing.worker.js', import.meta.url);
