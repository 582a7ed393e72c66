import type { CaseFile } from '../../shared/formats/case.ts';
import type { Anomaly } from './anomalies.ts';
import type { Candidate, Factor } from './candidate.ts';
import { weights } from './weights.ts';

/** A service as a candidate, with what changes on it are judged by. */
export type JudgedService = Candidate & { onsetMs: number | null; kinds: ReadonlySet<Anomaly['kind']> };

/** How far each service is out of order by itself: its deviation, less what its callees explain, the earlier the more. */
export function judgeServices(
  input: CaseFile,
  anomalies: readonly Anomaly[],
  onsetMs: number | null,
): Map<string, JudgedService> {
  const whole = anomalies.filter(({ labels }) => !labels || Object.keys(labels).length === 0);
  const own = groupBy(whole.length > 0 ? whole : anomalies, ({ service }) => service);
  const callees = groupBy(input.calls ?? [], ({ from }) => from);
  const ids = new Set([
    ...input.services.map(({ id }) => id),
    ...input.changes.map(({ service }) => service),
  ]);
  return new Map([...ids].map((id) => [id, judge(id)]));

  function judge(id: string): JudgedService {
    const mine = (own.get(id) ?? []).filter(isSymptom);
    if (mine.length === 0 || onsetMs === null) {
      return {
        id,
        score: 0,
        factors: [],
        reasons: ['shows nothing unusual'],
        onsetMs: null,
        kinds: new Set(),
      };
    }
    const began = Math.min(...mine.map((one) => one.onsetMs));
    const factors = [deviation(id, mine), excess(id, mine), earliness(began, onsetMs)];
    const score = factors.reduce((product, { value }) => product * value, 1);
    const kinds = new Set(mine.map(({ kind }) => kind));
    const reasons = [
      ...mine.slice(0, 2).map(({ sentence }) => sentence),
      ...factors.slice(1).map(({ sentence }) => sentence),
    ];
    return { id, score, factors, reasons, onsetMs: began, kinds };
  }

  function deviation(id: string, mine: readonly Anomaly[]): Factor {
    const strongest = Math.max(...mine.map(({ strength }) => strength));
    const value = strongest / (strongest + weights.halfStrength);
    return { name: 'deviation', value, sentence: `${id} is ${round(strongest)} deviations from its normal` };
  }

  /** Latency and errors come up from below: only what exceeds the worst callee is the service's own. */
  function excess(id: string, mine: readonly Anomaly[]): Factor {
    const below = (callees.get(id) ?? []).filter(({ to }) => to !== id);
    const shares = mine.map((one) => {
      const rise = Math.abs(one.observed - one.baseline);
      const explained = Math.max(0, ...below.map(({ to }) => riseOf(to, one.kind)));
      return rise <= 0 ? 0 : Math.max(0, rise - explained) / rise;
    });
    const share = Math.max(...shares);
    const value = weights.sufferingOnly + (1 - weights.sufferingOnly) * share;
    const sentence =
      share > 0.6
        ? `Its callees do not explain it: ${Math.round(share * 100)} % of the rise is its own`
        : `Its callees explain ${Math.round((1 - share) * 100)} % of it`;
    return { name: 'own excess', value, sentence };
  }

  function riseOf(id: string, kind: Anomaly['kind']): number {
    const same = (own.get(id) ?? []).filter((one) => one.kind === kind);
    return Math.max(0, ...same.map(({ observed, baseline }) => Math.abs(observed - baseline)));
  }
}

function earliness(beganMs: number, onsetMs: number): Factor {
  const lateMs = Math.max(0, beganMs - onsetMs);
  const value = weights.earlinessMs / (weights.earlinessMs + lateMs);
  const sentence =
    lateMs < weights.onsetToleranceMs
      ? 'It was among the first to show trouble'
      : `It followed ${minutes(lateMs)} after the first`;
  return { name: 'earliness', value, sentence };
}

/** More traffic is a load, not a symptom; less of it is one. */
const isSymptom = ({ kind, direction }: Anomaly) => kind !== 'traffic' || direction === 'down';

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, keyOf);
}

const round = (value: number) => Math.round(value);
const minutes = (ms: number) => `${Math.round(ms / 6_000) / 10} min`;
