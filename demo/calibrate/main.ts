import '@fontsource-variable/newsreader/wght.css';
import { createAudioHostAsync } from '../../src/playback/audio-host.ts';
import { explainSound } from '../trouble.ts';
import { Notices } from '../view/notices.ts';
import { Calibration } from './calibration.ts';
import { Panel } from './panel.ts';
import { Ring } from './ring.ts';

declare global {
  interface Window {
    /** For tests and for the curious in the console. Set once the page is ready. */
    parleyCalibration?: Calibration;
  }
}

async function open(): Promise<void> {
  // The sound of a Parley without its scene: this page has no characters.
  const host = await createAudioHostAsync();
  const calibration = new Calibration(host);
  const panel = new Panel(calibration);
  const ring = new Ring();
  let shownTrimMs = calibration.trimMs;
  const frame = () => {
    const nowMs = performance.now();
    host.update(nowMs);
    ring.show(calibration.metronome?.phaseAt(nowMs) ?? -1);
    if (calibration.trimMs !== shownTrimMs) panel.show(); // Loaded for the device.
    shownTrimMs = calibration.trimMs;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.parleyCalibration = calibration;
}

open().catch((error: unknown) => {
  new Notices().show('sound', explainSound(error));
  console.error(error);
});
