/**
 * How well the engine ranks, beside what people do by hand and what one number does, on the same cases in the same run:
 * generated ones of each tier, the case files of a folder (`--cases`; the shared real ones where they are) and, with
 * `--scenarios N`, N seeds of each built-in scenario. `--per-tier N` cases from `--seed S` on, `--services N` of one size,
 * `--only live` measures instead what it takes
 * to rank a large incident again and again. `--vary name=value` with something else than the tiers have, or `--vary drawn` with everything else. `--json` prints everything as one object.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drawVariation, variationOf } from '../../electron/correlation/generate/variation.ts';
import { listScenarios, ownScenarios } from '../../electron/host/list-scenarios.ts';
import { resourcesDir } from '../../electron/platform/paths.ts';
import { type Judged, judge } from './correlation/judged.ts';
import { fromFolder, fromScenarios, generated, type Labelled } from './correlation/labelled.ts';
import { liveRanking } from './correlation/live.ts';
import { linesOf, reportOf, type SetReport } from './correlation/report.ts';
import { machine } from './ledger/machine.ts';
import { linesOf as linesOfMeasurement } from './ledger/measurement.ts';

const REAL = join(import.meta.dirname, '../../../shared/data/petshop-cases');

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    'per-tier': { type: 'string', default: '40' },
    seed: { type: 'string', default: '500000000' },
    services: { type: 'string' },
    vary: { type: 'string', multiple: true, default: [] },
    cases: { type: 'string' },
    scenarios: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
});
const say = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));
const seed = whole('seed', values.seed);

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} must be a whole number, not ${text}\n`);
  process.exit(2);
}

const always =
  <T>(value: T) =>
  () =>
    value;

const { sqlite: _sqlite, filesystem: _filesystem, ...on } = machine(tmpdir());
for (const [name, value] of Object.entries(on)) say(`${name.padEnd(12)} ${value}`);

if (values.only !== undefined) {
  if (values.only !== 'live') {
    process.stderr.write(`--only must be live, not ${values.only}\n`);
    process.exit(2);
  }
  const live = liveRanking(seed);
  for (const line of linesOfMeasurement(live)) say(line);
  if (values.json)
    process.stdout.write(`${JSON.stringify({ machine: on, measurements: [live] }, null, 2)}\n`);
  process.exit(live.targets.every(({ met }) => met) ? 0 : 1);
}

const reports: SetReport[] = [];
async function run(
  title: string,
  cases: Iterable<Labelled> | AsyncIterable<Labelled>,
  pairOf?: (group: string) => string,
): Promise<void> {
  const judged: Judged[] = [];
  for await (const one of cases) judged.push(judge(one, seed + judged.length));
  if (judged.length === 0) return say(`\n${title}: no cases`);
  const report = reportOf(title, judged, pairOf);
  reports.push(report);
  for (const line of linesOf(report)) say(line);
}

const perTier = whole('per-tier', values['per-tier']);
if (perTier > 0) {
  const drawn = {
    perTier,
    seed,
    ...(values.services === undefined ? {} : { services: whole('services', values.services) }),
    vary: values.vary.includes('drawn') ? drawVariation : always(variationOf(values.vary)),
  };
  const varied = values.vary.length === 0 ? '' : `, varied: ${values.vary.join(' ')}`;
  await run(`Generated (cs-incident/1, seeds from ${seed}${varied})`, generated(drawn), (group) =>
    group.startsWith('T') ? group.replace('T', 'N') : group.replace('N', 'T'),
  );
}

const folder = values.cases === undefined ? REAL : resolve(values.cases);
if (existsSync(folder)) await run(`Case files of ${folder}`, fromFolder(folder));
else if (values.cases === undefined)
  say(`\nReal cases: not run, ${folder} is not there (name a folder with --cases)`);
else {
  process.stderr.write(`--cases: there is no folder ${folder}\n`);
  process.exit(2);
}

const perScenario = whole('scenarios', values.scenarios);
if (perScenario > 0) {
  const names = listScenarios(ownScenarios(resourcesDir())).map(({ name }) => name);
  await run('Built-in scenarios, at their alert', fromScenarios(names, { perScenario, seed: seed % 1000 }));
}

if (values.json) process.stdout.write(`${JSON.stringify({ machine: on, reports }, null, 2)}\n`);
