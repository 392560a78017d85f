import type { Plugin } from 'vite';
import { bundleWorklet } from './bundle-worklet.mjs';

/** The file that `src/playback/worklet-url.ts` names; in the checkout it exists only by this plugin. */
const FILE = 'player.worklet.js';
const LITERAL = `new URL('./${FILE}', import.meta.url)`;

/**
 * Makes the worklet's URL work in the checkout: bundled anew for every request of the dev server and of browser
 * tests, and as a file of its own in the demo's build. An installed package has the bundled file beside the module.
 */
export function workletPlugin(): Plugin {
  let building = false;
  return {
    name: 'parley-worklet',
    enforce: 'pre',
    configResolved(config) {
      building = config.command === 'build';
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!request.url?.split('?')[0]?.endsWith(`/${FILE}`)) return next();
        bundleWorklet().then((code) => {
          response.setHeader('Content-Type', 'text/javascript');
          response.setHeader('Cache-Control', 'no-store');
          response.end(code);
        }, next);
      });
    },
    async transform(code) {
      if (!building || !code.includes(LITERAL)) return null;
      const source = await bundleWorklet({ minify: true });
      const reference = this.emitFile({ type: 'asset', name: FILE, source });
      return code.replace(LITERAL, `new URL(import.meta.ROLLUP_FILE_URL_${reference}, import.meta.url)`);
    },
  };
}
