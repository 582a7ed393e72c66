/**
 * How good an analyst is, where the truth is known: it plays scenarios of the sandbox to their alert, lets a client read
 * once, and judges what it states and offers by the answer. Exits with 1 where something harmful is offered or evidence is
 * not on record.
 *
 * `--client offline|claude`, `--seeds N` (3) of each scenario from `--seed S` (1) on, `--scenarios a,b` (all built-in ones; `none`),
 * `--generated N` (0) drawn scenarios, `--back` executes each first offer and its way back, `--json <file>`, `--table <file>`
 * puts the table between the marks of a Markdown file.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { causes, generateDrill, ordinaryOptions } from '../../electron/host/generate-drill.ts';
import { listScenarios, ownScenarios } from '../../electron/host/list-scenarios.ts';
import { resourcesDir } from '../../electron/platform/paths.ts';
import { clients } from './analyst/clients.ts';
import { type Judged, judge } from './analyst/judge.ts';
import { play } from './analyst/play.ts';
import { summaryOf } from './analyst/summary.ts';
import { linesOf, tableOf } from './analyst/table.ts';
import { machine } from './ledger/machine.ts';

const { values } = parseArgs({
  options: {
    client: { type: 'string', default: 'offline' },
    seeds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    scenarios: { type: 'string' },
    generated: { type: 'string', default: '0' },
    back: { type: 'boolean', default: false },
    json: { type: 'string' },
    table: { type: 'string' },
  },
});
if (!Object.hasOwn(clients, values.client))
  throw new Error(`--client: ${values.client} is none of ${Object.keys(clients).join(', ')}`);
const client = clients[values.client];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'countersign-drawn-'));
const judged: Judged[] = [];

try {
  for (const { label, ...drill } of drills()) {
    const one = { ...judge(await play({ ...drill, client, andBack: values.back })), scenario: label };
    judged.push(one);
    say(lineOf(one));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const summary = summaryOf(judged);
say('');
for (const line of [...tableOf(judged), '', ...linesOf(summary)]) say(line);
if (values.json) {
  const document = { client: values.client, machine: machine(tmpdir()), summary, drills: judged };
  writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
}
if (values.table) writeFileSync(values.table, withTable(readFileSync(values.table, 'utf8')));
process.exitCode = summary.harmful > 0 || summary.notOnRecord > 0 ? 1 : 0;

function* drills() {
  const first = Number(values.seed);
  const seeds = Array.from({ length: Number(values.seeds) }, (_none, index) => first + index);
  const own = listScenarios(ownScenarios(resourcesDir())).map(({ name }) => name);
  const wanted = values.scenarios?.split(',').filter((name) => name !== 'none') ?? own;
  for (const scenario of wanted) for (const seed of seeds) yield { label: scenario, scenario, seed };
  for (let index = 0; index < Number(values.generated); index += 1) {
    const cause = causes[index % causes.length] ?? 'release';
    const { name } = generateDrill({ ...ordinaryOptions, seed: first + index, cause }, folder);
    yield { label: 'drawn', scenario: name, seed: first + index, scenariosDir: folder };
  }
}

function lineOf({ scenario, seed, place, admitted, conclusion, first, offered }: Judged): string {
  const found = place === null ? (admitted ? 'said there is none' : 'named one') : `cause at ${place || '–'}`;
  const sure = first
    ? `${first.confidence.toFixed(2)} ${first.isRight ? 'right' : 'wrong'}`
    : 'nothing stated';
  const offers = offered.map(({ action, target, is }) => `${action} ${target} (${is})`).join(', ');
  return `${scenario} ${seed}: ${found}, first ${sure}, ${conclusion}; ${offers || 'no offer'}`;
}

/** The table stands between these two lines, whatever else the page says. */
function withTable(page: string): string {
  const [from, to] = ['<!-- bench:analyst -->', '<!-- /bench:analyst -->'];
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`--table: the page has no lines ${from} and ${to}`);
  const told = [...tableOf(judged), '', ...linesOf(summary).map((line) => `- ${line}`)].join('\n');
  return `${page.slice(0, start + from.length)}\n\n${told}\n\n${page.slice(end)}`;
}
