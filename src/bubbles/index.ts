/** Speech bubbles over heads: `babylon-parley/bubbles`. Needs `@babylonjs/gui`. */
export { type BubbleOptions, type Bubbles, showBubbles } from './bubbles.ts';
