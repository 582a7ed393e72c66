import { z } from 'zod';
import type { Window } from '../../connectors/source.ts';
import { LogAnswer, logAnswer, logFound, logOutsiders } from './log-answer.ts';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { hourMs, iso, spanOf, timeSpan } from './time-span.ts';

const MOST_STEPS = 60;
const Filter = z.string().min(1).max(200);

export const readServiceLogs = readTool({
  name: 'read_service_logs',
  purpose:
    'Read the logs of a service from the log store, over at most 6 h: how many lines in each step, the newest lines before the onset and since, grouped by template with those that are new since first. Give `contains` (as "error") and `without` to narrow them.',
  source: 'service logs',
  outsider: logOutsiders,
  input: z.strictObject({
    service: z.string().min(1).max(200),
    contains: Filter.optional(),
    without: Filter.optional(),
    connection: z.string().optional(),
    ...timeSpan,
  }),
  output: z.object({
    connection: z.string(),
    service: z.string(),
    selector: z.string(),
    /** Streams left out because their namespace may not be read. */
    outside: z.number(),
    stepSeconds: z.number(),
    counts: z.array(z.tuple([z.iso.datetime(), z.number()])),
    ...LogAnswer,
  }),
  async run({ connection, ...wish }, { systems, window, candidates }, signal) {
    const { id, reader } = pickConnection('logs', systems.logs(), connection);
    const span = spanOf(wish, window, 6 * hourMs);
    const stepMs = Math.max(1, Math.ceil((span.toMs - span.fromMs) / MOST_STEPS / 60_000)) * 60_000;
    const onsetMs = candidates()?.onsetMs ?? null;
    const [logs, counts] = await Promise.all([
      Promise.all(aroundOnset(span, onsetMs).map((part) => reader.lines(wish, part, signal))),
      reader.counts(wish, { ...span, stepMs }, signal),
    ]);
    const lines = logs.flatMap((log) => log.lines);
    const cut = logs.some((log) => log.cut);
    return {
      connection: id,
      service: wish.service,
      selector: logs[0]?.selector ?? '',
      outside: logs.reduce((most, { outside }) => Math.max(most, outside), 0),
      stepSeconds: stepMs / 1000,
      counts: counts.slice(-MOST_STEPS - 1).map(({ atMs, value }): [string, number] => [iso(atMs), value]),
      ...(await logAnswer(lines, { cut, onsetMs }, signal)),
    };
  },
  // All of it is text that a process wrote, often with a stranger's request in it.
  isObserved: () => false,
  found: (answer) => `${logFound(answer)}${answer.cut ? ', of the newest part' : ''}`,
});

/** Both sides are read, so that what is new can be told from what was there; a busy service would fill one with seconds. */
function aroundOnset({ fromMs, toMs }: Window, onsetMs: number | null): Window[] {
  if (onsetMs === null || onsetMs <= fromMs || onsetMs >= toMs) return [{ fromMs, toMs }];
  return [
    { fromMs, toMs: onsetMs },
    { fromMs: onsetMs, toMs },
  ];
}
