import { onGesture } from './gestures.ts';

/** What a platform has to do with the ringer switch of an iPhone. */
export interface RingerPlatform {
  /** The page's audio session, where the browser has one: Safari 16.4 and newer. */
  readonly session: { type: string } | undefined;
  /** Whether the switch silences what Web Audio plays: on iPhones and iPads. */
  readonly silences: boolean;
}

/** Reads the platform of this page. */
export function ringerPlatform({
  userAgent,
  maxTouchPoints,
  audioSession,
}: Pick<Navigator, 'userAgent' | 'maxTouchPoints'> & { audioSession?: unknown }): RingerPlatform {
  const session = audioSession as { type: string } | undefined;
  // An iPad calls itself a Macintosh; no Macintosh has a touch screen.
  const silences = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return { session, silences };
}

/** The remedy for one platform. */
export interface RingerRemedy {
  /** Told when the first line begins to play and when the last has ended. */
  setSpeaking(speaking: boolean): void;
  dispose(): void;
}

/** Where the silent sound lies: a file of its own beside this module, found as the worklet is. */
export const SILENCE_URL = new URL('./silence.wav', import.meta.url);

/**
 * Lets voices be heard on an iPhone whose ringer switch is off: iOS silences Web Audio there, but not what it takes
 * for playback of media. Where the browser has an audio session, that is made one of playback; else a silent sound is
 * played by an element beside the voices.
 */
export function overruleRinger(
  { session, silences }: RingerPlatform,
  page: Document = document,
  silenceUrl: string | URL = SILENCE_URL,
): RingerRemedy {
  if (session) return usePlaybackSession(session);
  return silences ? playSilence(page, silenceUrl) : { setSpeaking() {}, dispose() {} };
}

/** A session that the game gave another type, for its microphone perhaps, is left alone. */
function usePlaybackSession(session: { type: string }): RingerRemedy {
  const ours = session.type === 'auto';
  if (ours) session.type = 'playback';
  return {
    setSpeaking() {},
    dispose() {
      if (ours && session.type === 'playback') session.type = 'auto';
    },
  };
}

/** iOS lets an element play at any time once it has played in a gesture. */
function playSilence(page: Document, url: string | URL): RingerRemedy {
  const element = page.createElement('audio');
  element.src = String(url);
  element.loop = true;
  element.preload = 'auto';
  element.setAttribute('playsinline', '');
  element.disableRemotePlayback = true;
  let allowed = false;
  let speaking = false;
  let forget: (() => void) | undefined;

  const follow = () => {
    if (!speaking) element.pause();
    else if (allowed) element.play().catch(listen); // A pause that overtakes it, or a refusal: the next gesture asks.
  };
  const ask = () => {
    element.play().then(() => {
      allowed = true;
      forget?.();
      forget = undefined;
      follow();
    }, listen);
  };
  const listen = () => {
    forget ??= onGesture(page, ask);
  };
  listen();
  return {
    setSpeaking(now) {
      if (now === speaking) return;
      speaking = now;
      follow();
    },
    dispose() {
      forget?.();
      element.pause();
      element.removeAttribute('src');
      element.load(); // Lets go of the file.
    },
  };
}
