import type { LoadedEnvelope } from '../../../electron/guard/envelope/loaded-envelope.ts';
import { compareEnvelopes } from '../../../electron/guard/truth-table/compare-tables.ts';
import { truthTable } from '../../../electron/guard/truth-table/truth-table.ts';
import type { Measurement } from '../ledger/measurement.ts';
import { processorMs } from './processor-time.ts';

/** The most that the table of an envelope with two hundred policies may take. */
const LIMIT_MS = 5_000;

export function tables(many: LoadedEnvelope, few: LoadedEnvelope): Measurement {
  let bytes = 0;
  const small = processorMs(() => void truthTable(few));
  const large = processorMs(() => {
    bytes = JSON.stringify(truthTable(many)).length;
  });
  let changes = 0;
  const compared = processorMs(() => {
    changes = compareEnvelopes(few, many).length;
  });
  return {
    title: `Truth tables, ${many.policies.length} policies against ${few.policies.length}`,
    numbers: [
      { what: `${few.policies.length} policies`, value: small, unit: 'ms' },
      { what: `${many.policies.length} policies`, value: large, unit: 'ms' },
      { what: 'its size', value: bytes / 1_000, unit: 'kB' },
      { what: 'comparing the two', value: compared, unit: 'ms' },
      { what: 'kinds of requests that differ', value: changes, unit: '' },
    ],
    targets: [
      {
        says: `a table of ${many.policies.length} policies below ${LIMIT_MS} ms of the processor`,
        met: large < LIMIT_MS,
      },
    ],
  };
}
