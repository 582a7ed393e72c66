import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { ReplayedRun, ReplayReport, RunConclusion } from '../../shared/vocabulary/model.ts';
import { replayFromCli } from '../host/replay-from-cli.ts';
import { closer } from '../platform/closer.ts';
import { resourcesDir, version } from '../platform/paths.ts';
import { takeDataDir, takePassphrase } from '../platform/take-data-dir.ts';
import { json, out } from './output.ts';

type Options = { last: number; model: string; prompt?: string; json?: boolean };

const UNITS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `replay`: what another model, or another prompt, would have made of what was read. */
export function replayCommand(program: Command, dataDir: () => string): void {
  program
    .command('replay')
    .description(
      'plays the recorded runs of the analyst with another model in front, without the outside world',
    )
    .requiredOption('--model <id>', 'the exact id of a model, or offline')
    .option('--last <time>', 'how far back, such as 12h, 30d or 4w', durationOf, 30 * 86_400_000)
    .option('--prompt <file>', 'another prompt than the one in use')
    .option('--json', 'one JSON document on standard output')
    .action(async ({ last, model, prompt, json: asJson }: Options) => {
      const dir = dataDir();
      const ending = closer();
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      try {
        const log = await takeDataDir(dir, ending);
        const report = await replayFromCli(
          {
            dataDir: dir,
            resourcesDir: resourcesDir(),
            version: version(),
            logger: log.logger,
            onSecret: log.redact,
            passphrase: takePassphrase(),
          },
          { lastMs: last, model, promptFile: prompt === undefined ? undefined : resolve(prompt) },
          stop.signal,
          (done, of) => onTerminal(`Replayed ${done} of ${of} runs`),
        );
        onTerminal('');
        if (asJson) json(report);
        else tell(report);
      } finally {
        await ending.closeAll();
      }
    });
}

/** Over and over on one line, where somebody watches. */
function onTerminal(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

function durationOf(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,3})([hdw])$/.exec(text) ?? [];
  const unitMs = UNITS[unit ?? ''];
  if (count === undefined || unitMs === undefined)
    throw new InvalidArgumentError('a number with h, d or w, such as 30d');
  return Number(count) * unitMs;
}

function tell({ model, runs, diverged, notRecorded, cutShort }: ReplayReport): void {
  if (runs.length === 0) {
    out('No run of the analyst is on record in that time.');
    return;
  }
  const rows = [
    ['Run', 'Began', 'Hypotheses', 'Proposals', 'Verdicts', 'Not recorded', 'Turns', 'Tokens', 'USD'],
    ...runs.map(rowOf),
  ];
  const widths =
    rows[0]?.map((_head, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows)
    out(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  out('');
  for (const run of runs.filter(({ diverges }) => diverges)) tellDivergence(run);
  out(`${diverged} of ${runs.length} runs part from what was concluded then, with ${model} in front.`);
  if (notRecorded > 0)
    out(`${notRecorded} calls were not on record: what they would have shown is not known.`);
  if (cutShort !== null) out(`Not all of it: ${cutShort}.`);
}

const rowOf = ({ run, atMs, hypotheses, proposals, verdicts, notRecorded, after }: ReplayedRun): string[] => [
  run,
  new Date(atMs).toISOString().slice(0, 16).replace('T', ' '),
  { same: 'same', 'same-first': 'same first', different: 'different' }[hypotheses],
  `${proposals.both.length} same, ${proposals.onlyBefore.length} gone, ${proposals.onlyAfter.length} new`,
  verdicts.length === 0 ? 'same' : `${verdicts.length} differ`,
  String(notRecorded),
  String(after.turns),
  after.tokens === null ? '–' : String(after.tokens),
  after.usd === null ? 'unknown' : after.usd.toFixed(4),
];

function tellDivergence({ run, incident, before, after, proposals, verdicts }: ReplayedRun): void {
  out(`${run} (${incident})`);
  out(`  then ${before.model}: ${causesOf(before)}; ${before.ended}`);
  out(`  now  ${after.model}: ${causesOf(after)}; ${after.ended}`);
  for (const proposal of proposals.onlyBefore) out(`  no longer proposed: ${proposal}`);
  for (const proposal of proposals.onlyAfter) out(`  newly proposed: ${proposal}`);
  for (const { proposal, before: was, after: is } of verdicts) out(`  ${proposal}: guard ${was}, now ${is}`);
}

const causesOf = ({ causes, conclusion }: RunConclusion): string =>
  `${conclusion === null ? '' : `${conclusion}, `}${named(causes)}`;

const named = (causes: RunConclusion['causes']): string =>
  causes.length === 0 ? 'no hypothesis' : causes.map((cause) => cause ?? 'not seen in our data').join(', ');
