import type { CaseFile, CaseMetric, Samples } from '../../shared/formats/case.ts';
import { type ChangeCase, changeCases } from './change-signs.ts';
import type { Contrast, Part } from './cohort.ts';
import { findingsOfWholes, type Reading, readingOf } from './reading.ts';
import { type Series, seriesOf } from './series.ts';
import { type ServiceCase, serviceCases } from './service-signs.ts';
import { evidenceOf, type ServiceEvidence } from './services.ts';
import { placedOnNodes } from './shared-node.ts';
import { driftsIn, nearAndFar } from './slow-drift.ts';

/** Everything of a case that is weighed. */
export type CaseSigns = {
  reading: Reading;
  evidence: ReadonlyMap<string, ServiceEvidence>;
  services: ReadonlyMap<string, ServiceCase>;
  changes: readonly ChangeCase[];
};

/** How metrics are read; whoever reads the same ones again may remember. */
export type Reader = {
  seriesOf(metric: CaseMetric): Series;
  readingOf(input: CaseFile, all: readonly Series[]): Reading | null;
};

const anew: Reader = { seriesOf: (metric) => seriesOf(metric), readingOf };

/** Null when nothing credible is wrong. */
export function caseSigns(input: CaseFile, reader: Reader = anew): CaseSigns | null {
  const { near, far } = nearAndFar(input.metrics);
  const all = near.toSorted(byContent).map(reader.seriesOf);
  const reading = reader.readingOf(input, all);
  if (!reading) return null;
  const evidence = evidenceOf({
    input,
    findings: findingsOfWholes(all, reading.findings),
    contrasts: worstOf(reading.parts),
  });
  const services = serviceCases(reading, evidence);
  const drifts = driftsIn(far.toSorted(byContent).map(reader.seriesOf), reading.incidentMs);
  const placed = placedOnNodes(input, services);
  return { reading, evidence, services, changes: changeCases(placed, { services, drifts, reading }) };
}

function worstOf(parts: ReadonlyMap<string, readonly Part[]>): Map<string, Contrast> {
  const worst = new Map<string, Contrast>();
  for (const part of [...parts.values()].flat()) {
    if (part.verdict !== 'bad') continue;
    const { contrast } = part;
    if (contrast.severity > (worst.get(contrast.service)?.severity ?? 0))
      worst.set(contrast.service, contrast);
  }
  return worst;
}

/** Any order will do, as long as it is the same for the same series: sums and ties then come out the same. */
function byContent(a: CaseMetric, b: CaseMetric): number {
  return (
    compare(a.service, b.service) ||
    compare(a.name, b.name) ||
    compare(labelsOf(a), labelsOf(b)) ||
    compare(a.from, b.from) ||
    compareSamples(a.values, b.values)
  );
}

function compareSamples(a: Samples, b: Samples): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = (a[at] || 0) - (b[at] || 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const labelsOf = ({ labels }: CaseMetric): string => JSON.stringify(Object.entries(labels ?? {}).sort());
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
