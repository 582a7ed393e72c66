import { type Measurement, percentile, sum, timed } from './measurement.ts';
import { openedLog, plainTable, read, storedBytes } from './setup.ts';

const GROUP = 100;
const WARM_UP = 20;

/** Groups of readings, each group one transaction, in turn with the same bytes inserted plainly. */
export function groupedAppends(folder: string, groups: number): Measurement {
  const log = openedLog(folder, 'grouped');
  const plain = plainTable(folder, 'grouped-plain');
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < groups + WARM_UP; turn += 1) {
    const entries = Array.from({ length: GROUP }, (_, index) => read(turn * GROUP + index));
    let place = -1;
    const oursMs = timed(() => {
      place = log.ledger.record(entries)[0]?.seq ?? -1;
    });
    const rows = storedBytes(log.db, place);
    const theirsMs = timed(() => plain.insert(rows));
    if (turn < WARM_UP) continue;
    ours.push(oursMs);
    theirs.push(theirsMs);
  }
  log.close();
  plain.close();
  const perSecond = (1000 * GROUP * groups) / sum(ours);
  const plainPerSecond = (1000 * GROUP * groups) / sum(theirs);
  return {
    title: `In groups of ${GROUP}: ${groups} groups of readings`,
    numbers: [
      { what: 'appends', value: perSecond, unit: '/s' },
      { what: 'plain inserts', value: plainPerSecond, unit: '/s' },
      { what: 'appends over plain inserts', value: perSecond / plainPerSecond, unit: 'times' },
      { what: 'group p50', value: percentile(ours, 0.5), unit: 'ms' },
      { what: 'group p99', value: percentile(ours, 0.99), unit: 'ms' },
      { what: 'plain group p50', value: percentile(theirs, 0.5), unit: 'ms' },
    ],
    targets: [
      { says: 'at least 30,000 a second', met: perSecond >= 30_000 },
      { says: 'at least a third of the plain rate', met: perSecond >= plainPerSecond / 3 },
    ],
  };
}
