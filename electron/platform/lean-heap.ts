import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** As `scripts/host-flags` says it to those that are started with flags; of the two halves of the young objects each. */
export const MOST_SEMI_SPACE_MIB = 16;

/**
 * Lets the heap grow by two fifths before what is garbage is collected. By itself V8 waits until it has more than doubled:
 * while a thousand facts come in each second that is eighty megabytes of garbage, for a pause of fifteen milliseconds every
 * ten seconds that is spared. For the whole process; each shell says it once, since to Electron's main process no flag can
 * be given from within but by this call.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=40');
  keepYoungSmall();
}

/**
 * Stops the space of young objects from growing once it is as large as `--max-semi-space-size` would let it become. That flag
 * counts at the start of a process alone, and nobody can give it to a packaged application: `js-flags` that are appended by
 * Electron's main process reach its windows and not itself. By how much the space grows is asked at each growth.
 */
function keepYoungSmall(): void {
  const observer = new PerformanceObserver(() => {
    if (youngBytes() < 2 * MOST_SEMI_SPACE_MIB * 1_048_576) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
