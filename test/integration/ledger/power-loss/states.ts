import type { Chance } from '../seeded.ts';
import type { disk, Loss } from './disk.ts';
import type { FileOperation } from './trace.ts';

/**
 * `count` states of the disk, at moments spread over the whole recording. Each is what is left of what was written
 * by then, and `said` is the last place that had been said to be recorded, -1 for none.
 */
export function* crashStates(
  operations: readonly FileOperation[],
  count: number,
  by: Chance,
  replayed: ReturnType<typeof disk>,
): Generator<{ files: Map<string, Buffer>; said: number; where: string }> {
  const moments = Array.from({ length: count }, () => by.below(operations.length)).toSorted((a, b) => a - b);
  let done = 0;
  for (const moment of moments) {
    for (; done <= moment; done += 1) {
      const operation = operations[done];
      if (operation) replayed.apply(operation);
    }
    const loss: Loss = by.of(['none', 'all', 'some', 'some', 'some']);
    const said = Number(replayed.said().trim().split('\n').at(-1) || -1);
    yield { files: replayed.afterLoss(loss, by), said, where: `operation ${moment}, losing ${loss}` };
  }
}
