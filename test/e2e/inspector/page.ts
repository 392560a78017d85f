/** A page with two characters, one of whom speaks, and the panel: `?panel=inspector` or `?panel=overlay`. */
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { CreateParleyAsync, type Parley, trackVoices } from '../../../src/index.ts';
import { countingTrack } from '../../browser/heard.ts';
import { Stage } from '../../browser/stage.ts';

declare global {
  interface Window {
    panelPage?: { readonly parley: Parley; close(): unknown };
  }
}

const stage = new Stage();
const track = countingTrack(280);
const parley = await CreateParleyAsync(stage.scene, { voices: trackVoices([track]) });
const mira = parley.addNpc(await stage.load('mira'), { name: 'Mira' });
parley.addNpc(new TransformNode('Tomas', stage.scene), { name: 'Tomas' });

async function open(): Promise<() => unknown> {
  if (new URLSearchParams(location.search).get('panel') === 'overlay') {
    const { showOverlay } = await import('../../../src/inspector/overlay.ts');
    const overlay = showOverlay(parley);
    return () => overlay.dispose();
  }
  const { ShowInspector } = await import('@babylonjs/inspector');
  const { parleyInspector } = await import('../../../src/inspector/index.ts');
  const shown = ShowInspector(stage.scene, { serviceDefinitions: [parleyInspector(parley)] });
  return () => shown.dispose();
}

mira.say(track.text);
const close = await open();
window.panelPage = { parley, close };
