/** Of the panel: it takes the colours of where it stands. */
export const PANEL_STYLE = `
:host { display: block; font: 12px / 1.45 system-ui, sans-serif; color: inherit; font-variant-numeric: tabular-nums; }
section { display: grid; gap: 8px; padding: 8px; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 2px 12px; margin: 0; }
dl div { display: flex; justify-content: space-between; gap: 8px; min-width: 0; }
dt { opacity: 0.75; white-space: nowrap; }
dd { margin: 0; text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.leases { margin: 0; white-space: pre-line; }
.leases:empty { display: none; }
.npcs { display: grid; gap: 4px; }
.npc { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 5px; padding: 4px 8px; }
.npc.speaks { border-color: #f0a040; }
summary { cursor: pointer; display: flex; gap: 8px; align-items: baseline; }
summary::before { content: '▸'; opacity: 0.7; }
[open] > summary::before { content: '▾'; }
summary:focus-visible { outline: 2px solid #f0a040; outline-offset: 3px; }
summary strong { flex: 1; font-weight: 600; }
.ring { border-radius: 8px; padding: 0 7px; background: color-mix(in srgb, currentColor 14%, transparent); }
.ring[data-ring='near'] { background: color-mix(in srgb, #3fae6a 45%, transparent); }
.ring[data-ring='unheard'], .ring[data-ring='unseen'] { opacity: 0.6; }
.state { min-width: 64px; text-align: right; }
.text { margin: 4px 0 6px; font-style: italic; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.text:empty { display: none; }
.visemes { display: grid; grid-template-columns: repeat(15, 1fr); gap: 3px; margin-top: 8px; }
.bar { display: grid; gap: 2px; text-align: center; }
.bar span { display: block; height: 34px; background: color-mix(in srgb, currentColor 12%, transparent); border-radius: 2px; overflow: hidden; }
.bar i { display: block; height: 100%; background: #f0a040; transform: scaleY(0); transform-origin: bottom; }
.bar small { font-size: 10px; opacity: 0.8; }
.parts { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 2px 12px; margin-top: 6px; }
.parts label { display: grid; grid-template-columns: 1fr 60px; gap: 6px; align-items: center; }
.parts label[hidden] { display: none; }
.parts span { overflow: hidden; text-overflow: ellipsis; }
progress { width: 100%; height: 6px; accent-color: #f0a040; }
`;

/** Of the overlay around it. */
export const OVERLAY_STYLE = `
:host { position: fixed; z-index: 2147483000; inset: 12px 12px auto auto; width: min(380px, calc(100vw - 24px)); }
aside { max-height: calc(100vh - 24px); overflow: auto; border-radius: 8px; background: rgb(20 21 28 / 0.93); color: #f1ede6; box-shadow: 0 6px 28px rgb(0 0 0 / 0.45); font: 12px / 1.45 system-ui, sans-serif; }
header { position: sticky; top: 0; z-index: 1; display: flex; align-items: center; padding: 6px 6px 6px 12px; background: rgb(20 21 28); }
h2 { flex: 1; margin: 0; font-size: 13px; font-weight: 600; }
button { border: 0; border-radius: 5px; padding: 4px 10px; background: rgb(255 255 255 / 0.12); color: inherit; font: inherit; cursor: pointer; }
button:hover { background: rgb(255 255 255 / 0.22); }
button:focus-visible { outline: 2px solid #f0a040; outline-offset: 1px; }
`;
