#!/usr/bin/env node
/**
 * `npm test`: installs what the tests need, then runs lint, types, unit, integration and end-to-end tests, each to its
 * end. `npm test -- unit e2e` runs those stages. The last line is `N passed, N failed` (`, N skipped`), lint and types
 * counting as one each. Node 18 and its built-in modules suffice to begin.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { environmentFor } from './find-node.mjs';
import { obtainChromium } from './obtain-chromium.mjs';
import { obtainDebianServers } from './obtain-debian-servers.mjs';
import { at, run, Stop } from './places.mjs';
import { prepare, prepareInstall } from './prepare.mjs';
import { readReport } from './testing/read-report.mjs';
import { stages } from './testing/stages.mjs';
import { summary } from './testing/summary.mjs';

const ci = ['true', '1'].includes(process.env.CI ?? '');
const say = (line) => process.stdout.write(`${line}\n`);

await run(async () => {
  const chosen = chosenStages(process.argv.slice(2));
  const node = await prepareInstall();
  mkdirSync(at('.cache/reports'), { recursive: true });
  const results = [];
  if (chosen.some(({ name }) => name === 'e2e')) results.push(await timed('build', build));
  for (const stage of chosen) results.push(await timed(stage.name, () => runStage(stage, node)));
  const { lines, last, ok } = summary(results, { ci });
  say('');
  for (const line of lines) say(line);
  say(last);
  process.exitCode = ok ? 0 : 1;
});

function chosenStages(names) {
  const known = stages.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Stop(2, `There is no stage ${unknown}: ${known.join(', ')}.`);
  return names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name));
}

async function timed(name, work) {
  say(`\n== ${name}`);
  const startMs = performance.now();
  const result = await work();
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  say(`== ${name}: ${result.failed === 0 ? 'ok' : `${result.failed} failed`}, ${seconds} s`);
  return { stage: name, ...result };
}

/** The end-to-end tests run what was built; that it can be built is counted by them. */
async function build() {
  try {
    await prepare();
    return { passed: 0, failed: 0, skipped: [] };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

async function runStage({ name, commands, needs, report, env = {} }, node) {
  const { env: found = {}, because } = needs ? obtained(needs) : {};
  if (because) say(because);
  if (because && needs === 'browser')
    return { passed: 0, failed: 0, skipped: [{ title: 'every test', because }] };
  if (report) rmSync(report.path, { force: true });
  const codes = [];
  for (const command of commands)
    codes.push(await ended(node, command, { ...testEnvironment(node), ...found, ...env }));
  const isOk = codes.every((code) => code === 0);
  const counted = report ? readReport(report) : { passed: isOk ? 1 : 0, failed: isOk ? 0 : 1, skipped: [] };
  if (counted === null) say(`${name} ended without a report.`);
  const { passed, failed, failures = [], skipped } = counted ?? { passed: 0, failed: 1, skipped: [] };
  // A runner can also fail for what is no test: an error outside of all, a test left with .only, a missing file.
  return { passed, failed: failed === 0 && !isOk ? 1 : failed, failures, skipped };
}

/** What a stage needs from outside the packages, as `{ env }`, or `{ because }` it cannot be had. */
function obtained(what) {
  try {
    if (what === 'browser') return { env: { CS_CHROMIUM: obtainChromium() } };
    obtainDebianServers();
    return {};
  } catch (error) {
    return { because: error.message };
  }
}

/** Tests must see neither the person's settings of Countersign nor a Node other than 24. */
function testEnvironment(node) {
  const inherited = Object.entries(environmentFor(node)).filter(([name]) => !name.startsWith('COUNTERSIGN_'));
  return { ...Object.fromEntries(inherited), ...(ci ? { CI: 'true' } : {}) };
}

function ended(node, command, env) {
  return new Promise((resolve) => {
    const child = spawn(node, command, { cwd: at('.'), stdio: 'inherit', env });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}
