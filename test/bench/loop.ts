/**
 * `npm run bench -- loop`: what the analyst's loop costs beside the model's own time: a drill's real gateway, ledger and
 * record, and a model that answers at once. Exit 1 when a turn costs more than it may.
 */
import { performance } from 'node:perf_hooks';
import type { ModelClient, ToolCall } from '../../electron/analyst/model-client.ts';
import { buildParts } from '../../electron/host/host-parts.ts';
import { silentLogger } from '../../electron/platform/logger.ts';
import { newDataDir } from '../fixtures/data-dir.ts';

const MOST_MS = 50;
const TURNS = 16;

/** When the model was asked and when it had answered, by turn. */
const asked: number[] = [];
const answered: number[] = [];
const instant: ModelClient = {
  id: 'instant/1',
  parameters: {},
  mostCharacters: 400_000,
  // biome-ignore lint/correctness/useYield: it answers at once.
  async *turn() {
    asked.push(performance.now());
    const calls = asked.length < TURNS ? callsOf(asked.length) : [];
    answered.push(performance.now());
    return { text: 'Reading on.', calls, tokens: { input: 1_000, output: 50 } };
  },
};

const parts = await buildParts({
  dataDir: newDataDir(),
  shell: 'cli',
  version: 'bench',
  resourcesDir: 'resources',
  logger: silentLogger,
  model: () => instant,
});
const incident = await parts.drills.start('bad-deploy', 7);
await parts.drill.worked(incident.id);
const steps = parts.drill.analyst.runOf(incident.id).steps.map(({ step }) => step);
const reads = steps.filter(({ kind }) => kind === 'read').length;
await parts.drills.end('bench');
await parts.close();

// From the end of one turn to the beginning of the next: tools, record, ledger and the next request.
const costs = asked.slice(1).map((at, place) => at - (answered[place] ?? at));
const sorted = [...costs].sort((a, b) => a - b);
const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
process.stdout.write(
  `${costs.length} turns with ${reads} reads: median ${median.toFixed(1)} ms, 95 % below ${p95.toFixed(1)} ms a turn (at most ${MOST_MS} ms)\n`,
);
if (costs.length !== TURNS - 1) {
  process.stdout.write(`The run ended early: ${JSON.stringify(steps.at(-1))}\n`);
  process.exitCode = 1;
}
if (median > MOST_MS) process.exitCode = 1;

/** Two reads a turn, no two alike. */
function callsOf(turn: number): ToolCall[] {
  const call = (name: string): ToolCall => ({ id: `${turn}-${name}`, name, input: { limit: turn } });
  return [call('list_candidates'), call('search_timeline')];
}
