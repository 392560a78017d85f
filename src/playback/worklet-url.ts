/**
 * Where the audio worklet lies: a file of its own beside this module. Bundlers see this very form and copy it;
 * `workletUrl` of `CreateParleyAsync` names another place.
 */
export const WORKLET_URL = new URL('./player.worklet.js', import.meta.url);
