import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MOST_SEMI_SPACE_MIB } from '../../../electron/platform/lean-heap.ts';

const leanHeap = fileURLToPath(new URL('../../../electron/platform/lean-heap.ts', import.meta.url));

const atStart = new URL('../../../scripts/host-flags.mjs', import.meta.url).href;

/** On one thread and in one go, so that when it is collected follows from how much there is, and not from who else runs. */
const ALONE = ['--single-threaded-gc', '--no-incremental-marking', '--max-semi-space-size=1'];

/** The most that the heap takes, in bytes, while fifty megabytes are kept and many more are thrown away. */
function mostHeap(first: string): number {
  const script = `
    import { getHeapStatistics } from 'node:v8';
    import { keepHeapLean } from ${JSON.stringify(leanHeap)};
    ${first}
    const kept = Array.from({ length: 100_000 }, (_, nth) => new Array(60).fill(nth));
    let recent = [];
    let most = 0;
    for (let nth = 0; nth < 500_000; nth++) {
      recent.push(new Array(60).fill(nth));
      if (recent.length < 30_000) continue;
      recent = [];
      most = Math.max(most, getHeapStatistics().total_heap_size);
    }
    console.log(kept.length && most);
  `;
  const said = execFileSync(process.execPath, [...ALONE, '--input-type=module', '--eval', script]);
  return Number(said.toString());
}

it('takes less memory for the same work than it would by itself', () => {
  expect(mostHeap('keepHeapLean();')).toBeLessThan(mostHeap(''));
});

/** The most that young objects take, in MiB, while many of them outlive a collection. */
function mostYoung(flags: readonly string[], first: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { setImmediate as turn } from 'node:timers/promises';
    import { keepHeapLean } from ${JSON.stringify(leanHeap)};
    ${first}
    let recent = [];
    let most = 0;
    for (let nth = 0; nth < 3_000_000; nth++) {
      recent.push(new Array(20).fill(nth));
      if (recent.length > 500_000) recent = [];
      if (nth % 20_000 !== 0) continue;
      most = Math.max(most, getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size);
      await turn();
    }
    console.log(most / 1_048_576);
  `;
  const said = execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', script]);
  return Number(said.toString());
}

it('keeps young objects small where no flag could be given at the start, as the flag does', async () => {
  const { hostFlags }: { hostFlags: string[] } = await import(atStart);
  const most = 2 * MOST_SEMI_SPACE_MIB;
  expect(mostYoung([], '')).toBeGreaterThanOrEqual(2 * most);
  // A collection that is under way takes a little besides.
  expect(mostYoung([], 'keepHeapLean();')).toBeLessThan(2 * most);
  expect(mostYoung(hostFlags, '')).toBeLessThan(2 * most);
});
