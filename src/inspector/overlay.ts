/** The panel over a page of its own: plain elements, no React, no Inspector. */
import type { Parley } from '../npc/parley.ts';
import { InputError } from '../speech/errors.ts';
import { Panel } from './panel.ts';
import { make } from './parts.ts';
import { OVERLAY_STYLE } from './style.ts';

/** How the overlay is shown. */
export interface OverlayOptions {
  /** Where in the page it is put. Default: the body. */
  readonly parent?: HTMLElement;
}

/** An overlay that is shown. */
export interface Overlay {
  /** Takes it away; its button and the Escape key in it do so too, and the end of its Parley. May be called twice. */
  dispose(): void;
}

/**
 * Shows over the page what the voices of a Parley do: lines, buffers, rings, offsets and face weights, read seven times a
 * second. For development. Throws {@link InputError} without a Parley.
 */
export function showOverlay(parley: Parley, { parent = document.body }: OverlayOptions = {}): Overlay {
  if (typeof parley?.addNpc !== 'function') {
    throw new InputError('showOverlay(parley)', 'a Parley, as CreateParleyAsync gives it', String(parley));
  }
  const panel = new Panel(parley);
  const host = make('div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(OVERLAY_STYLE);
  root.adoptedStyleSheets = [sheet];
  const close = make('button', '', 'Close');
  close.type = 'button';
  const header = make('header');
  header.append(make('h2', '', 'Parley'), close);
  const aside = make('aside');
  aside.setAttribute('aria-label', 'Parley: what the voices do');
  aside.append(header, panel.element);
  root.append(aside);
  parent.append(host);

  const end = parley.onDisposeObservable.add(dispose);
  close.addEventListener('click', dispose);
  aside.addEventListener('keydown', handleKey);
  function handleKey(event: KeyboardEvent): void {
    event.stopPropagation(); // Keys in the overlay steer nobody in the game.
    if (event.key === 'Escape') dispose();
  }
  function dispose(): void {
    aside.removeEventListener('keydown', handleKey);
    close.removeEventListener('click', dispose);
    end.remove();
    host.remove();
    panel.dispose();
  }
  return { dispose };
}
