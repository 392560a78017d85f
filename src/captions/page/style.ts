/** Heights in em: a row, and what a caption has around its rows. */
export const ROW_EM = 1.3;
export const AROUND_EM = 0.36;
/** Between two captions. */
export const GAP_EM = 0.3;
/** Beside a caption, on either side: room for an arrow. */
export const SIDE_EM = 2.1;
/** Between the edge of a caption and its text. */
export const PADDING_EM = 0.6;

/** Looks of captions, for their shadow root alone. What follows the player's settings is in custom properties. */
export const CAPTION_CSS = `
:host {
  position: absolute;
  inset: 0;
  display: block;
  overflow: hidden;
  pointer-events: none;
  font-family: var(--parley-captions-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif);
  font-size: var(--size);
  line-height: ${ROW_EM};
  font-weight: 500;
  letter-spacing: normal;
  text-transform: none;
  -webkit-text-size-adjust: none;
  text-size-adjust: none;
}
.captions {
  position: absolute;
  inset: auto 2% var(--parley-captions-inset, max(4%, env(safe-area-inset-bottom, 0px)));
  display: flex;
  flex-direction: column-reverse;
  gap: ${GAP_EM}em;
}
.top .captions {
  inset: var(--parley-captions-inset, max(4%, env(safe-area-inset-top, 0px))) 2% auto;
  flex-direction: column;
}
.hidden .captions { visibility: hidden; }
.slot { display: flex; justify-content: center; align-items: flex-end; }
.top .slot { align-items: flex-start; }
.slot.kept { min-height: calc(var(--rows) * ${ROW_EM}em + ${AROUND_EM}em); }
.slot:not(.kept):has(> [hidden]) { display: none; }
.caption {
  position: relative;
  box-sizing: border-box;
  max-width: calc(100% - ${2 * SIDE_EM}em);
  margin: 0;
  padding: ${AROUND_EM / 2}em ${PADDING_EM}em;
  border-radius: 0.28em;
  background: var(--ground);
  color: var(--ink);
  text-align: center;
  text-shadow: 0 0 0.12em var(--edge), 0 0.06em 0.1em var(--edge);
  white-space: pre-line;
  overflow-wrap: anywhere;
  animation: come 140ms ease-out;
}
@keyframes come { from { opacity: 0; } }
.caption[hidden] { display: none; }
.name { color: var(--speaker, var(--ink)); font-weight: 700; }
mark { background: none; color: inherit; text-decoration: underline 0.1em var(--speaker, currentColor); text-underline-offset: 0.18em; }
.coming { visibility: hidden; }
.arrow {
  position: absolute;
  top: 50%;
  display: none;
  width: 1em;
  height: 1em;
  margin-top: -0.82em;
  padding: 0.32em;
  border-radius: 50%;
  background: var(--ground);
  color: var(--speaker, var(--ink));
  fill: none;
  stroke: currentColor;
  stroke-width: 2.6;
  stroke-linecap: round;
  stroke-linejoin: round;
}
[data-from] > .arrow { display: block; left: -1.95em; }
[data-from="right"] > .arrow { left: auto; right: -1.95em; }
[data-from="left"] > .arrow { rotate: -90deg; }
[data-from="right"] > .arrow { rotate: 90deg; }
[data-from="below"] > .arrow { rotate: 180deg; }
.turn { display: none; }
[data-from="behind"] > .arrow .turn { display: inline; }
[data-from="behind"] > .arrow .straight { display: none; }
.heard-only {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: 0;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.still .caption { animation: none; }
@media (forced-colors: active) {
  .caption, .arrow { background: Canvas; color: CanvasText; border: 1px solid CanvasText; text-shadow: none; forced-color-adjust: auto; }
  .name { color: CanvasText; text-decoration: underline; }
  mark { background: Highlight; color: HighlightText; forced-color-adjust: none; }
}
`;
