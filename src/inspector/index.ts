/** A pane for Babylon's Inspector. `babylon-parley/overlay` shows the same without it. */
import { ShellServiceIdentity } from '@babylonjs/inspector';
import { createElement, useEffect, useRef } from 'react';
import type { Parley } from '../npc/parley.ts';
import { InputError } from '../speech/errors.ts';
import { Panel } from './panel.ts';

/** What Parley asks of the Inspector's shell. */
interface Shell {
  addSidePane(pane: {
    key: string;
    title: string;
    icon: () => unknown;
    content: () => unknown;
    horizontalLocation: 'left' | 'right';
    verticalLocation: 'top' | 'bottom';
    order: number;
    teachingMoment: false;
  }): { dispose(): void };
}

/** A service of the Inspector: one of `ShowInspector(scene, { serviceDefinitions: [...] })`. */
export interface InspectorService {
  readonly friendlyName: string;
  readonly consumes: readonly [symbol];
  readonly factory: (shell: Shell) => { dispose(): void };
}

/** After the Inspector's own panes, the last of which has 400. */
const ORDER = 1_000;

/**
 * A pane that shows what the voices of a Parley do: `ShowInspector(scene, { serviceDefinitions: [parleyInspector(parley)] })`.
 * Throws {@link InputError} without a Parley.
 */
export function parleyInspector(parley: Parley): InspectorService {
  if (typeof parley?.addNpc !== 'function') {
    throw new InputError(
      'parleyInspector(parley)',
      'a Parley, as CreateParleyAsync gives it',
      String(parley),
    );
  }
  return {
    friendlyName: 'Parley',
    consumes: [ShellServiceIdentity],
    factory: (shell) =>
      shell.addSidePane({
        key: 'Parley',
        title: 'Parley',
        icon: MouthIcon,
        content: () => PanelPane(parley),
        horizontalLocation: 'right',
        verticalLocation: 'top',
        order: ORDER,
        teachingMoment: false,
      }),
  };
}

/** The panel, as long as the pane is shown. */
function PanelPane(parley: Parley): unknown {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const panel = new Panel(parley);
    place.current?.append(panel.element);
    return () => panel.dispose();
  }, [parley]);
  return createElement('div', { ref: place, style: { overflow: 'auto', height: '100%' } });
}

function MouthIcon(): unknown {
  const lips = {
    d: 'M2 10q8-8 16 0q-8 9-16 0zm3 .2h10',
    fill: 'none',
    stroke: 'currentColor',
    strokeWidth: 1.5,
  };
  return createElement('svg', { viewBox: '0 0 20 20', width: 20, height: 20 }, createElement('path', lips));
}
