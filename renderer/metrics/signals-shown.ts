import type { Anomaly } from '../../shared/vocabulary/candidate.ts';
import { type Signal, seriesKey } from '../../shared/vocabulary/chart.ts';
import type { MetricKind } from '../../shared/vocabulary/kinds.ts';

/** A signal with the name it goes by here, and how it left its normal if it did. */
export type ShownSignal = Signal & { key: string; anomaly: Anomaly | null };

/** The signals of one service: those to show, and how many others it has. */
export type ServiceRow = { service: string; off: number; signals: ShownSignal[]; hidden: number };

export type SignalFilter = {
  text: string;
  onlyOff: boolean;
  /** Services of which everything is shown, whatever is off. */
  expanded: ReadonlySet<string>;
};

export type ShownSignals = { rows: ServiceRow[]; shown: number; off: number; all: number };

/** The services by the strength of what is off in them, each with its signals in the order in which one reads them. */
export function signalsShown(
  signals: readonly Signal[],
  anomalies: readonly Anomaly[],
  { text, onlyOff, expanded }: SignalFilter,
): ShownSignals {
  const offBySeries = Map.groupBy(anomalies, (one) => nameKey(one.service, one.metric, one.labels ?? {}));
  const named = signals.map((signal): ShownSignal => {
    const [anomaly = null] = offBySeries.get(nameKey(signal.service, signal.name, signal.labels)) ?? [];
    return { ...signal, key: seriesKey(signal), anomaly };
  });
  const off = named.filter(({ anomaly }) => anomaly !== null).length;
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = named.filter((signal) => words.every((word) => textOf(signal).includes(word)));
  // Where nothing is off, a panel that shows only that would be empty when somebody looks for reassurance.
  const narrow = onlyOff && off > 0;
  const rows = [...Map.groupBy(found, ({ service }) => service)].map(([service, all]) => {
    const kept = narrow && !expanded.has(service) ? all.filter(({ anomaly }) => anomaly) : all;
    return {
      service,
      off: all.filter(({ anomaly }) => anomaly).length,
      strength: Math.max(0, ...all.map(({ anomaly }) => anomaly?.strength ?? 0)),
      signals: kept.sort(inReadingOrder),
      hidden: all.length - kept.length,
    };
  });
  const shown = rows
    .filter((row) => row.signals.length > 0)
    .sort((a, b) => b.strength - a.strength || (a.service < b.service ? -1 : 1))
    .map(({ strength: _strength, ...row }) => row);
  return {
    rows: shown,
    shown: shown.reduce((sum, row) => sum + row.signals.length, 0),
    off,
    all: named.length,
  };
}

const nameKey = (service: string, name: string, labels: Record<string, string>) =>
  seriesKey({ source: '', service, name, labels });

const textOf = ({ service, name, labels }: Signal) =>
  `${service} ${name} ${Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')}`.toLowerCase();

/** Rate, errors, duration, then what they run on. */
const ORDER: readonly MetricKind[] = [
  'traffic',
  'error_rate',
  'latency',
  'saturation',
  'availability',
  'other',
];

function inReadingOrder(a: ShownSignal, b: ShownSignal): number {
  const cohorts = ({ labels }: ShownSignal) => Object.keys(labels).length;
  return (
    cohorts(a) - cohorts(b) ||
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

export const cohortOf = ({ labels }: Pick<Signal, 'labels'>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
