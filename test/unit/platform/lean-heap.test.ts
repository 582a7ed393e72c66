import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const leanHeap = fileURLToPath(new URL('../../../electron/platform/lean-heap.ts', import.meta.url));

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
