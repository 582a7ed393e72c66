import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { liveExplain } from '../../../electron/correlation/live-explain.ts';
import { explain } from '../../../electron/correlation/rank-explained.ts';
import type { CaseFile, CaseMetric } from '../../../shared/formats/case.ts';
import { processorMs } from '../guard/processor-time.ts';
import { type Measurement, percentile } from '../ledger/measurement.ts';

const SERVICES = 500;
const CHANGES = 100;
const SERIES = 10_000;
const POINTS = 240;
const TICKS = 8;
/** Compiled code is what a host that has been up for a minute runs. */
const WARM = 2;

/**
 * What it takes to rank one incident again and again: 500 services, 100 changes, 10 000 series. A tick brings one more
 * sample of each series; then a change is told of a service that was changed before, and one of another. Processor time,
 * which a busy machine disturbs least. Every answer is compared with that of the case alone.
 */
export function liveRanking(seed: number): Measurement {
  const input = largeCase(seed);
  const live = liveExplain();
  const [ticks, known, fresh, cold]: number[][] = [[], [], [], []];
  let differing = 0;
  const asked = (now: CaseFile): number => {
    let answer: ReturnType<typeof live> | undefined;
    const tookMs = processorMs(() => {
      answer = live(now);
    });
    if (JSON.stringify(answer) !== JSON.stringify(explain(now))) differing += 1;
    return tookMs;
  };
  for (let tick = -WARM; tick < TICKS; tick += 1) {
    const now = upTo(input, POINTS - TICKS + tick + 1);
    const [first] = now.changes;
    const quiet = now.services.find(({ id }) => now.changes.every(({ service }) => service !== id));
    const took = asked(now);
    const again = asked({ ...now, changes: [...now.changes, { ...only(first), id: 'told late' }] });
    const other = { ...only(first), id: 'told later', service: only(quiet).id };
    const elsewhere = asked({ ...now, changes: [...now.changes, other] });
    const alone = processorMs(() => explain(now));
    if (tick < 0) continue;
    ticks?.push(took);
    known?.push(again);
    fresh?.push(elsewhere);
    cold?.push(alone);
  }
  const told: [string, number[]][] = [
    ['a sample more of every series', ticks ?? []],
    ['a change of a service that was changed before', known ?? []],
    ['a change of another service', fresh ?? []],
    ['for comparison: the case alone, nothing remembered', cold ?? []],
  ];
  return {
    title: `Live: ${SERVICES} services, ${CHANGES} changes, ${input.metrics.length} series of up to ${POINTS} points`,
    numbers: [
      ...told.flatMap(([what, all]) => [
        { what: `${what}, median`, value: percentile(all, 0.5), unit: 'ms of processor' },
        { what: `${what}, most`, value: Math.max(...all), unit: 'ms of processor' },
      ]),
      { what: 'answers unlike those of the case alone', value: differing, unit: '' },
    ],
    targets: [
      ...told
        .slice(0, 3)
        .map(([what, all]) => ({ says: `${what}: ranked within 200 ms`, met: percentile(all, 0.5) < 200 })),
      { says: 'every answer that of the case alone', met: differing === 0 },
    ],
  };
}

/** A drawn case, and what is measured of the pods of its services, until there are enough series. */
function largeCase(seed: number): CaseFile {
  const vary = { cohorts: 1, changes: CHANGES, points: POINTS };
  const { truth: _, ...drawn } = generateCase({ tier: 'T3', seed, services: SERVICES, vary });
  const whole = drawn.metrics.filter(({ labels }) => labels === undefined);
  const pods: CaseMetric[] = [];
  for (let at = 0; drawn.metrics.length + pods.length < SERIES; at += 1) {
    const of = only(whole[at % whole.length]);
    const pod = Math.floor(at / whole.length);
    const values = Float64Array.from(of.values, (value, step) =>
      value === null ? Number.NaN : value * (1 + 0.02 * Math.sin(step * 12.9898 + at * 78.233)),
    );
    pods.push({ ...of, labels: { pod: `pod-${pod}` }, values });
  }
  // In typed arrays, as the host and the reader of files hand them on.
  const metrics = [...drawn.metrics, ...pods].map((metric) => ({
    ...metric,
    values: Float64Array.from(metric.values, (value) => value ?? Number.NaN),
  }));
  return { ...drawn, metrics };
}

const upTo = (input: CaseFile, points: number): CaseFile => ({
  ...input,
  metrics: input.metrics.map((metric) => ({ ...metric, values: metric.values.slice(0, points) })),
});

function only<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('the drawn case has none');
  return one;
}
