import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const standIn = fileURLToPath(new URL('test/fixtures/electron-stand-in.ts', import.meta.url));

/** The real `electron` package downloads a binary when loaded, so tests always get the stand-in for its API. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          alias: { electron: standIn },
          // They take milliseconds; a machine that is busy with something else must not make one fail.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          alias: { electron: standIn },
          // Several play drills on real servers for half a minute, and on a machine that is busy for some.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          // Beside `npm test`: servers that are brought along, as Debian does not have them (docs/add-a-connector.md).
          name: 'outside',
          include: ['test/outside/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
