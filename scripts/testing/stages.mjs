import { at } from '../places.mjs';

const biome = at('node_modules/@biomejs/biome/bin/biome');
const tsc = at('node_modules/typescript/bin/tsc');
const vitest = at('node_modules/vitest/vitest.mjs');
const playwright = at('node_modules/@playwright/test/cli.js');

const reportOf = (stage) => at(`.cache/reports/${stage}.json`);

const vitestStage = (name, more = {}) => ({
  name,
  commands: [
    [
      vitest,
      'run',
      '--project',
      name,
      '--reporter=default',
      `--reporter=${at('scripts/testing/skip-reason.mjs')}`,
      '--reporter=json',
      `--outputFile.json=${reportOf(name)}`,
    ],
  ],
  report: { path: reportOf(name), by: 'vitest' },
  ...more,
});

/** What `npm test` runs, in this order: what is cheap and says most comes first. Commands are for Node 24. */
export const stages = [
  {
    name: 'lint',
    commands: [[biome, 'check', '--error-on-warnings', at('.')], [at('scripts/imports/check.mjs')]],
  },
  { name: 'types', commands: [[tsc, '-b', at('.')]] },
  vitestStage('unit'),
  vitestStage('integration', { needs: 'servers' }),
  {
    name: 'e2e',
    needs: 'browser',
    commands: [[playwright, 'test', '--reporter=list,json']],
    report: { path: reportOf('e2e'), by: 'playwright' },
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf('e2e') },
  },
];
