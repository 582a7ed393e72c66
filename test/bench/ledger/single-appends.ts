import { type Measurement, percentile, sum, timed } from './measurement.ts';
import { decision, openedLog, plainTable, storedBytes } from './setup.ts';

const WARM_UP = 100;

/** One durable, signed entry at a time, and in turn with each the same bytes inserted plainly and as durably. */
export function singleAppends(folder: string, count: number): Measurement {
  const log = openedLog(folder, 'single');
  const plain = plainTable(folder, 'single-plain');
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < count + WARM_UP; turn += 1) {
    const entry = decision(turn);
    let place = -1;
    const oursMs = timed(() => {
      place = log.ledger.record(entry)[0]?.seq ?? -1;
    });
    const rows = storedBytes(log.db, place);
    const theirsMs = timed(() => plain.insert(rows));
    if (turn < WARM_UP) continue;
    ours.push(oursMs);
    theirs.push(theirsMs);
  }
  log.close();
  plain.close();
  const perSecond = (1000 * count) / sum(ours);
  const ratio = percentile(ours, 0.95) / percentile(theirs, 0.95);
  const p99 = percentile(ours, 0.99);
  return {
    title: `One at a time: ${count} decisions, each on disk and signed before the next`,
    numbers: [
      { what: 'appends', value: perSecond, unit: '/s' },
      { what: 'plain inserts', value: (1000 * count) / sum(theirs), unit: '/s' },
      ...[0.5, 0.95, 0.99].flatMap((share) => [
        { what: `append p${share * 100}`, value: percentile(ours, share), unit: 'ms' },
        { what: `plain insert p${share * 100}`, value: percentile(theirs, share), unit: 'ms' },
      ]),
      { what: 'append p95 over plain p95', value: ratio, unit: 'times' },
    ],
    targets: [
      { says: 'at least 1,000 a second', met: perSecond >= 1000 },
      { says: 'p99 under 10 ms', met: p99 < 10 },
      { says: 'p95 at most 1.5 times that of a plain insert', met: ratio <= 1.5 },
    ],
  };
}
