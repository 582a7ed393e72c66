import { scanRows } from './scan-rows.ts';
import type { ScanTask } from './wide-scan.ts';

/** Rows that a thread takes at a time: few enough that the threads end together, many enough that taking costs nothing. */
const ROWS_AT_ONCE = 2_048;

/** One thread of a wide scan: takes the next rows until there are none left, and writes what it finds into shared memory. */
export default function scanShare({ values, span, taken, series, into }: ScanTask): void {
  for (;;) {
    const first = Atomics.add(taken, 0, ROWS_AT_ONCE);
    if (first >= series) return;
    scanRows(values, span, { first, end: Math.min(series, first + ROWS_AT_ONCE) }, into);
  }
}
