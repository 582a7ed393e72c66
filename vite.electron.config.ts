import { builtinModules } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type EnvironmentOptions } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The shells with the host, bundled: loading the packages one file at a time would take more than a second of each start.
 * What a shell does not need at once (the Kubernetes client) stays in chunks that are loaded on first use. CommonJS,
 * because a sandboxed preload must be. `electron` is no file; better-sqlite3, Cedar and piscina find their own by path. Not
 * minified: stacks in the log name code.
 */
const bundle = (entries: string[], { emptyOutDir }: { emptyOutDir: boolean }): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true },
  build: {
    ssr: true,
    target: 'node24',
    outDir: at('dist/electron'),
    emptyOutDir,
    minify: false,
    sourcemap: true,
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: {
      input: Object.fromEntries(entries.map((entry) => [basename(entry), at(`electron/${entry}.ts`)])),
      external: [
        'electron',
        'better-sqlite3',
        'piscina',
        '@cedar-policy/cedar-wasm/nodejs',
        ...builtinModules,
        /^node:/,
      ],
      platform: 'node',
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
});

/** What threads run: a file each, found beside the shells by its name (platform/paths.ts). */
const workers = [
  'correlation/worker/explain-worker',
  'correlation/scan/scan-worker',
  'guard/envelope/compare-worker',
  'analyst/outgoing/masking/pattern-worker',
];

export default defineConfig({
  publicDir: false,
  cacheDir: at('.cache/vite-electron'),
  environments: {
    shells: bundle(['main', 'serve', 'cli', ...workers], { emptyOutDir: true }),
    // By itself, since a sandboxed preload cannot load a chunk that it shares with others.
    preload: bundle(['preload'], { emptyOutDir: false }),
  },
  builder: {
    async buildApp({ build, environments: { shells, preload } }) {
      for (const environment of [shells, preload]) if (environment) await build(environment);
    },
  },
});
