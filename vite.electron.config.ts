import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const shells = ['main', 'preload', 'serve', 'cli'];
const source = (name: string) => fileURLToPath(new URL(`electron/${name}.ts`, import.meta.url));
const builtins = builtinModules.flatMap((name) => [name, `node:${name}`]);

/**
 * The shells with the host, bundled: loading the packages one file at a time would take more than a second of each start.
 * CommonJS, because a sandboxed preload must be. `electron` is no file, better-sqlite3 finds its binary by its own path.
 */
export default defineConfig({
  ssr: { noExternal: true, external: ['electron', 'better-sqlite3'], target: 'node' },
  resolve: { conditions: ['node', 'import', 'module', 'default'] },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/electron',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: {
      input: Object.fromEntries(
        shells.filter((name) => existsSync(source(name))).map((name) => [name, source(name)]),
      ),
      external: ['electron', 'better-sqlite3', ...builtins],
      platform: 'node',
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
});
