/**
 * How long grouping ten megabytes of log lines keeps everything else waiting, for ordinary lines and for some made to be slow:
 * the longest turn of the loop and the whole, in processor time, since what others do on the machine is not ours. Exits with 1
 * when a turn is longer than the target.
 */
import { setImmediate } from 'node:timers/promises';
import { groupByTemplate } from '../../electron/analyst/log-templates/log-templates.ts';

const MOST_WAIT_MS = 50;
const TOTAL = 10_000_000;
const letters = (at: number) => String.fromCharCode(97 + (at % 26), 97 + ((at >> 3) % 26));

/** Lines by what is hard about them, each list of the same size. */
const kinds: Readonly<Record<string, (at: number) => string>> = {
  'requests as they are served': (at) =>
    `GET /api/orders/${at} took ${at % 100} ms by worker number ${at % 7} with status ok`,
  'many words, of which few are alike': (at) =>
    Array.from({ length: 58 }, (_none, word) => `${letters(at * 31 + word * 7 + at * word)}word`).join(' '),
  'a megabyte a line': () => 'a b '.repeat(250_000),
  'a megabyte of JSON without a blank': () => `{"${'a,'.repeat(500_000)}`,
  'a megabyte of blanks': () => `x${' '.repeat(1_000_000)}y`,
};

let isSlow = false;
for (const [kind, textOf] of Object.entries(kinds)) {
  const lines: { atMs: number; text: string }[] = [];
  for (let size = 0; size < TOTAL; size += lines.at(-1)?.text.length ?? 1)
    lines.push({ atMs: lines.length, text: textOf(lines.length) });
  const begun = process.threadCpuUsage();
  let isDone = false;
  const longest = longestTurn(() => isDone);
  const { groups } = await groupByTemplate(lines, 0);
  isDone = true;
  const longestMs = await longest;
  const { user, system } = process.threadCpuUsage(begun);
  const wholeMs = (user + system) / 1_000;
  isSlow ||= longestMs > MOST_WAIT_MS;
  process.stdout.write(
    `${kind}: ${lines.length} lines, ${groups.length} groups, longest turn ${longestMs.toFixed(0)} ms (target ${MOST_WAIT_MS}), whole ${wholeMs.toFixed(0)} ms\n`,
  );
}
process.exitCode = isSlow ? 1 : 0;

async function longestTurn(isDone: () => boolean): Promise<number> {
  let longestMs = 0;
  while (!isDone()) {
    const begun = process.threadCpuUsage();
    await setImmediate();
    const { user, system } = process.threadCpuUsage(begun);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
  }
  return longestMs;
}
