import type { CaseFile } from '../../shared/formats/case.ts';
import type { Finding } from './anomalies.ts';
import type { Contrast } from './cohort.ts';
import { type Symptom, weights } from './weights.ts';

/** What speaks for a service being where the trouble starts, before any change is looked at. */
export type ServiceEvidence = {
  id: string;
  /** How far out of order, by symptom, and when that began. */
  symptoms: ReadonlyMap<Symptom, Finding>;
  /** 0..1: all symptoms together, and what of it no callee explains. */
  deviation: number;
  ownExcess: number;
  /** The callee that explains most, and how much, 0..1. */
  explained: { by: string | null; share: number };
  /** When its trouble began, and the step of the series that tells so. */
  began: Readonly<{ onsetMs: number; stepMs: number }> | null;
  hasMetrics: boolean;
  /** The part of this service (a version, say) that alone is bad. */
  contrast: Contrast | null;
};

type Known = {
  input: CaseFile;
  findings: readonly Finding[];
  contrasts: ReadonlyMap<string, Contrast>;
};

export function evidenceOf({ input, findings, contrasts }: Known): Map<string, ServiceEvidence> {
  const { service: chosen } = weights;
  const bySymptom = symptomsOf(findings);
  const measured = new Set(input.metrics.map(({ service }) => service));
  const callees = neighbours(input.calls ?? [], 'from', 'to');
  const callers = neighbours(input.calls ?? [], 'to', 'from');
  const ids = new Set([
    ...input.services.map(({ id }) => id),
    ...measured,
    ...input.changes.map(({ service }) => service),
    ...(input.calls ?? []).flatMap(({ from, to }) => [from, to]),
  ]);
  const first = new Map([...ids].map((id) => [id, ofItself(id)]));
  for (const evidence of first.values()) if (!evidence.hasMetrics) guessFromCallers(evidence);
  return first;

  function ofItself(id: string): ServiceEvidence {
    const symptoms = bySymptom.get(id) ?? new Map<Symptom, Finding>();
    const contrast = contrasts.get(id) ?? null;
    // A part that is bad enough shows in the whole; where it does not, the contrast may be the noise of a few requests.
    const ofPart = (contrast?.severity ?? 0) * (symptoms.size > 0 ? 1 : chosen.unseenInWhole);
    const deviation = Math.max(together([...symptoms.values()].map(({ severity }) => severity)), ofPart);
    const explained = explanationOf(id, symptoms);
    const unexplained = together(
      [...symptoms].map(([symptom, { severity }]) =>
        isPassedOn(symptom) ? severity * (1 - chosen.mostExplained * explained.share) : severity,
      ),
    );
    const own = Math.max(unexplained, ofPart);
    const ownExcess = own * consequence(id, own);
    const began = beginningOf(symptoms, contrast);
    return {
      id,
      symptoms,
      deviation,
      ownExcess,
      explained,
      began,
      hasMetrics: measured.has(id),
      contrast,
    };
  }

  /** How much of what callers would inherit is already wrong one call below, at about the same time or before. */
  function explanationOf(id: string, symptoms: ReadonlyMap<Symptom, Finding>): ServiceEvidence['explained'] {
    const inherited = [...symptoms].filter(([symptom]) => isPassedOn(symptom));
    const most = Math.max(0, ...inherited.map(([, { severity }]) => severity));
    if (most === 0) return { by: null, share: 0 };
    const startsMs = Math.min(...inherited.map(([, { deviation }]) => deviation.onsetMs));
    let best: { by: string | null; share: number } = { by: null, share: 0 };
    for (const callee of measuredBelow(id)) {
      for (const [symptom, { severity, deviation, series }] of bySymptom.get(callee) ?? []) {
        if (!isPassedOn(symptom)) continue;
        const lateMs = deviation.onsetMs - startsMs - series.stepMs;
        const inTime = lateMs <= 0 ? 1 : Math.exp(-lateMs / chosen.promptMs);
        const share = Math.min(1, severity / most) * inTime;
        if (share > best.share || (share === best.share && best.by !== null && callee < best.by))
          best = { by: callee, share };
      }
    }
    return best;
  }

  /** An incident reaches those who call: trouble that no measured caller shows is likely another, smaller story. */
  function consequence(id: string, severity: number): number {
    const above = (callers.get(id) ?? []).filter((caller) => measured.has(caller));
    if (above.length === 0 || severity === 0) return 1;
    const felt = above.flatMap((caller) => [...(bySymptom.get(caller)?.entries() ?? [])]);
    const most = felt.reduce(
      (most, [symptom, { severity }]) =>
        isPassedOn(symptom) || symptom === 'loss' ? Math.max(most, severity) : most,
      0,
    );
    return 1 - chosen.inconsequential * (1 - Math.min(1, most / severity));
  }

  /** Callees, looking through those that nothing is measured of. */
  function measuredBelow(id: string, seen = new Set([id])): string[] {
    return (callees.get(id) ?? []).flatMap((callee) => {
      if (seen.has(callee)) return [];
      seen.add(callee);
      return measured.has(callee) ? [callee] : measuredBelow(callee, seen);
    });
  }

  /** Nothing is measured of it: what its callers suffer and nothing else explains may well come from here. */
  function guessFromCallers(evidence: ServiceEvidence): void {
    const above = (callers.get(evidence.id) ?? []).flatMap((caller) => first.get(caller) ?? []);
    const suffering = above.filter(({ hasMetrics }) => hasMetrics);
    const most = suffering.reduce((most, { ownExcess }) => Math.max(most, ownExcess), 0);
    evidence.ownExcess = most * chosen.unmeasured;
  }
}

/** Latency and failures come up through calls, and a caller that fails sends less; load and other things do not. */
const isPassedOn = (symptom: Symptom): boolean => symptom === 'latency' || symptom === 'errors';

/** Severities together: the worst, and a part of what the others add. */
function together(severities: readonly number[]): number {
  const sorted = [...severities].sort((a, b) => b - a);
  return sorted.reduce((total, severity, at) => total + (1 - total) * severity * (at === 0 ? 1 : 0.5), 0);
}

/**
 * When the weightiest symptoms began: a faint early one does not date the service. A part that differs from the rest at
 * the same time is dated best.
 */
function beginningOf(
  symptoms: ReadonlyMap<Symptom, Finding>,
  contrast: Contrast | null,
): ServiceEvidence['began'] {
  if (contrast) return contrast;
  const all = [...symptoms.values()].map(({ severity, deviation, series }) => ({
    severity,
    onsetMs: deviation.onsetMs,
    stepMs: series.stepMs,
  }));
  const worst = all.reduce((most, { severity }) => Math.max(most, severity), 0);
  const [first] = all
    .filter(({ severity }) => severity >= weights.clusterShare * worst)
    .sort((a, b) => a.onsetMs - b.onsetMs || b.stepMs - a.stepMs);
  return first ? { onsetMs: first.onsetMs, stepMs: first.stepMs } : null;
}

/** Of each service and symptom the severest finding; a service's parts count only where the whole is not measured. */
function symptomsOf(findings: readonly Finding[]): Map<string, Map<Symptom, Finding>> {
  const services = new Map<string, Map<Symptom, Finding>>();
  for (const finding of findings) {
    const { service } = finding.series.metric;
    const symptoms = services.get(service) ?? new Map<Symptom, Finding>();
    services.set(service, symptoms);
    const known = symptoms.get(finding.symptom);
    if (!known || isWorse(finding, known)) symptoms.set(finding.symptom, finding);
  }
  return services;
}

const isWorse = (a: Finding, b: Finding): boolean =>
  a.severity > b.severity || (a.severity === b.severity && a.deviation.onsetMs < b.deviation.onsetMs);

function neighbours(
  calls: NonNullable<CaseFile['calls']>,
  key: 'from' | 'to',
  value: 'from' | 'to',
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const call of calls) {
    if (call.from === call.to) continue;
    const known = found.get(call[key]);
    if (known) known.push(call[value]);
    else found.set(call[key], [call[value]]);
  }
  return found;
}
