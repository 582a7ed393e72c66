import type { CaseChange, CaseMetric, LabelledCase } from '../../../shared/formats/case.ts';
import type { ChangeKind, MetricKind } from '../../../shared/vocabulary/kinds.ts';
import type { Alert } from './alert.ts';
import type { Cause } from './cause.ts';
import type { Chance } from './chance.ts';
import type { Change } from './harmless.ts';
import type { Measure, Observed } from './observe.ts';
import type { Topology } from './topology.ts';
import type { Variation } from './variation.ts';

type Told = {
  topology: Topology;
  variation: Variation;
  wrongEdges: number;
  /** Minutes. */
  window: { from: number; to: number };
  /** Null where nothing is measured. */
  measured: readonly (Observed | null)[];
  inCohorts: readonly Measured[];
  guilty: readonly Change[];
  harmless: readonly Change[];
  labels: ReadonlyMap<Change, Record<string, string>>;
  causes: readonly Cause[];
  alert: Alert & { minute: number };
};

/** A part of the requests of a service, measured alone. */
type Measured = { service: number; labels: Record<string, string>; observed: Observed };

const START_MS = Date.parse('2026-03-01T00:00:00Z');

/** The case file with its truth. Names, ids and positions are shuffled: nothing can be learnt from them. */
export function writeCase(chance: Chance, told: Told): LabelledCase {
  const { topology, variation, window, measured, inCohorts, guilty, harmless, labels, causes, alert } = told;
  const numbers = chance.shuffle(Array.from({ length: topology.size }, (_, index) => index));
  const named = numbers.map((number) => `service-${String(number + 1).padStart(3, '0')}`);
  const nameOf = (service: number) => named[service] ?? '';
  const startMs = START_MS + chance.integer(0, 1439) * 60_000;
  const at = (minute: number) => new Date(startMs + Math.round(minute * 60) * 1000).toISOString();
  const changes = chance.shuffle([...guilty, ...harmless]);
  const idOf = new Map(changes.map((change, index) => [change, `c${String(index + 1).padStart(2, '0')}`]));
  const onset = at(Math.min(...causes.map(({ beginsAt }) => beginsAt)));
  const head = { from: at(window.from), variation };
  return {
    format: 'countersign.case/1',
    window: { from: at(window.from), to: at(window.to) },
    services: [...named].sort().map((id) => ({ id })),
    ...(variation.calls === 'told' ? { calls: callsTold(chance, told, nameOf) } : {}),
    metrics: [
      ...measured.flatMap((observed, service) =>
        observed ? metricsOf(chance, observed, columns, { ...head, service: nameOf(service) }) : [],
      ),
      ...inCohorts.flatMap(({ service, labels, observed }) =>
        metricsOf(chance, observed, cohortColumns, { ...head, service: nameOf(service), labels }).filter(
          hasAny,
        ),
      ),
    ],
    changes: changes.map((change) => ({
      ...toldChange(change, idOf.get(change) ?? '', nameOf, at),
      ...(labels.has(change) ? { labels: labels.get(change) } : {}),
    })),
    truth: {
      changes: guilty.flatMap((change) => idOf.get(change) ?? []),
      services: [...new Set(causes.flatMap(({ hit }) => hit.map(nameOf)))],
      onset,
      alert: { service: nameOf(alert.service), metric: alert.metric, at: at(alert.minute) },
      origins: causes.map(({ origin, effect }) => ({ origin, effect })),
    },
  };
}

function callsTold(chance: Chance, { topology, wrongEdges }: Told, nameOf: (service: number) => string) {
  return topology.edges.flatMap(({ from, to }) => {
    const call = { from: nameOf(from), to: nameOf(to) };
    if (!chance.chance(wrongEdges)) return [call];
    // Half of what is told wrong is not told at all.
    return chance.chance(0.5) ? [] : [{ ...call, to: nameOf(chance.integer(0, topology.size - 1)) }];
  });
}

const titles: Record<ChangeKind, string> = {
  deploy: 'new release',
  config: 'configuration changed',
  flag: 'flag changed',
  scale: 'scaled',
  infrastructure: 'machine changed',
  traffic: 'traffic shifted',
};

function toldChange(
  { kind, service, minute }: Change,
  id: string,
  nameOf: (service: number) => string,
  at: (minute: number) => string,
): CaseChange {
  const name = nameOf(service);
  return { id, kind, service: name, at: at(minute), title: `${name}: ${titles[kind]}` };
}

type Unit = { unit: string; factor: number };
type Column = { measure: Measure; name: string; kind: MetricKind; plain: Unit; scaled: Unit };

const seconds: Pick<Column, 'plain' | 'scaled'> = {
  plain: { unit: 's', factor: 1 },
  scaled: { unit: 'ms', factor: 1000 },
};
const share: Pick<Column, 'plain' | 'scaled'> = {
  plain: { unit: 'ratio', factor: 1 },
  scaled: { unit: '%', factor: 100 },
};
const columns: readonly Column[] = [
  {
    measure: 'traffic',
    name: 'requests_per_second',
    kind: 'traffic',
    plain: { unit: '1/s', factor: 1 },
    scaled: { unit: '1/min', factor: 60 },
  },
  { measure: 'p50', name: 'latency_p50', kind: 'latency', ...seconds },
  { measure: 'p99', name: 'latency_p99', kind: 'latency', ...seconds },
  { measure: 'errors', name: 'error_rate', kind: 'error_rate', ...share },
  { measure: 'cpu', name: 'cpu_utilisation', kind: 'saturation', ...share },
  { measure: 'memory', name: 'memory_utilisation', kind: 'saturation', ...share },
];

/** A version that had gone before the window was never sampled in it. */
const hasAny = ({ values }: CaseMetric): boolean => values.some((value) => value !== null);

const cohortColumns = columns.filter(
  ({ measure }) => measure === 'traffic' || measure === 'p99' || measure === 'errors',
);

type Head = { service: string; from: string; variation: Variation; labels?: Record<string, string> };

function metricsOf(
  chance: Chance,
  observed: Observed,
  wanted: readonly Column[],
  { variation, ...head }: Head,
): CaseMetric[] {
  const { missing, stepSeconds, units } = variation;
  return wanted.map(({ measure, name, kind, [units]: { unit, factor } }) => ({
    ...head,
    name,
    kind,
    unit,
    stepSeconds,
    values: Array.from(observed[measure], (value) =>
      chance.chance(missing) || Number.isNaN(value) ? null : rounded(value * factor),
    ),
  }));
}

/** No measurement is finer than this, and files are half as long. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
