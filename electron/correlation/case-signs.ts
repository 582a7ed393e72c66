import type { CaseFile, CaseMetric } from '../../shared/formats/case.ts';
import { type CaseSeries, caseSeries } from './case-series.ts';
import { type ChangeCase, changeCases } from './change-signs.ts';
import type { Contrast, Part } from './cohort.ts';
import { byContent } from './content-order.ts';
import { findingsOfWholes, type Reading, readingOf } from './reading.ts';
import { screened } from './scan/screen.ts';
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
  /** In the order of their content. */
  seriesIn(metrics: readonly CaseMetric[]): Series[];
  caseOf(input: CaseFile, all: readonly Series[]): CaseSeries;
};

const anew: Reader = {
  seriesIn: (metrics) => byContent(metrics).map(({ metric }) => seriesOf(metric)),
  caseOf: ({ calls }, all) => caseSeries(all, calls),
};

/** Null when nothing credible is wrong. */
export function caseSigns(input: CaseFile, reader: Reader = anew): CaseSigns | null {
  const { near, far } = nearAndFar(screened(input.metrics));
  const all = reader.seriesIn(near);
  const reading = readingOf(input, reader.caseOf(input, all));
  if (!reading) return null;
  const evidence = evidenceOf({
    input,
    findings: findingsOfWholes(all, reading.findings),
    contrasts: worstOf(reading.parts),
  });
  const services = serviceCases(reading, evidence);
  const drifts = driftsIn(reader.seriesIn(far), reading.incidentMs);
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
