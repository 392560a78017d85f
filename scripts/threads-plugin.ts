import type { Plugin } from 'vite';
import { bundleThread, THREAD_FILES } from './bundle-threads.mjs';

/** The files that modules of `src` name; in the checkout they exist only by this plugin. */
const FILES = Object.keys(THREAD_FILES) as (keyof typeof THREAD_FILES)[];
const literalOf = (file: string): string => `new URL('./${file}', import.meta.url)`;

/**
 * Makes the URLs of the worklet and of workers work in the checkout: bundled anew for every request of the dev server and
 * of browser tests, and as files of their own in the demo's build. An installed package has the bundled files beside the
 * modules.
 */
export function threadsPlugin(): Plugin {
  let building = false;
  return {
    name: 'parley-threads',
    enforce: 'pre',
    configResolved(config) {
      building = config.command === 'build';
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url?.split('?')[0] ?? '';
        const file = FILES.find((name) => path.endsWith(`/${name}`));
        if (!file) return next();
        bundleThread(file).then((code) => {
          response.setHeader('Content-Type', 'text/javascript');
          response.setHeader('Cache-Control', 'no-store');
          response.end(code);
        }, next);
      });
    },
    async transform(code) {
      const file = building ? FILES.find((name) => code.includes(literalOf(name))) : undefined;
      if (!file) return null;
      const source = await bundleThread(file, { minify: true });
      const reference = this.emitFile({ type: 'asset', name: file, source });
      return code.replace(
        literalOf(file),
        `new URL(import.meta.ROLLUP_FILE_URL_${reference}, import.meta.url)`,
      );
    },
  };
}
