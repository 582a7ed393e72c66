import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * What is loaded together. The first paint needs `screen` alone, what the host says is read with `contract`; each place is
 * a file of its own beside them (renderer/app/later-parts.ts). What is small or shared by several goes along with the
 * first: fifty files of a kilobyte would cost more than they save.
 */
const groups = [
  // What the entry itself needs; what `import()` is built into must not make it wait for the screen.
  { name: 'first', test: /vite\/preload-helper|node_modules\/zod\/|without-eval/, priority: 3 },
  {
    name: 'screen',
    test: /renderer\/(app\/screen|(state|ui)\/(?!connect|events-in|inert-markdown|line-chart|plot-)[^/]*)\.tsx?$|lucide-react/,
    priority: 2,
  },
  { name: 'contract', test: /renderer\/(app\/link|state\/events-in)\.ts$/, priority: 1 },
];

/** What every start asks for, one after the other: the browser is told of all of it at once. */
const ASKED_FOR_FIRST = ['screen', 'contract', 'incidents-page'];

const tellOfFirst = (): Plugin => ({
  name: 'tell-of-first',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const first = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' && ASKED_FOR_FIRST.includes(file.name) ? [file.fileName, ...file.imports] : [],
      );
      return [...new Set(first)]
        .filter((file) => !html.includes(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head',
        }));
    },
  },
});

/** The screen, served at / by both shells under a policy that allows no inline script and no foreign host. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  plugins: [react(), tellOfFirst()],
  // Replaced by a fresh value in each response.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: false,
    // One file, so that rules stand in one order whichever place is loaded first, and no place is ever seen without them.
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
});
