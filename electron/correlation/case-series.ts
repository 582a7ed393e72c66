import type { CaseFile } from '../../shared/formats/case.ts';
import { type Finding, findingIn } from './anomalies.ts';
import { type CallGraph, callGraphOf, measuredNext } from './call-graph.ts';
import { type Part, partsOfService } from './cohort.ts';
import type { Span } from './deviation.ts';
import type { Excess, Stretch } from './excess.ts';
import { type Grid, gridOf } from './grid.ts';
import { type MeasuredServices, measuredServices } from './measured-service.ts';
import { once } from './once.ts';
import { type MeasuredCalls, ownExcesses } from './own-excess.ts';
import { type OwnMemory, ownMemory } from './own-memory.ts';
import type { Series } from './series.ts';

/**
 * What is read from series and calls alone, whatever changes are asked about: each part is worked out when it is first
 * asked for, and once. INVARIANT: no answer depends on what was asked before.
 */
export type CaseSeries = {
  all: readonly Series[];
  fromMs: number;
  toMs: number;
  grid: Grid;
  graph: CallGraph;
  measured: MeasuredServices;
  findings(some: readonly Series[], span: Span, leastStrength: number): readonly Finding[];
  /** Null for a service that nothing is measured of. */
  excesses(id: string, stretch: Stretch): readonly Excess[] | null;
  ofService(id: string): readonly Series[];
  parts(id: string, incidentMs: number): readonly Part[];
  /** What it keeps for a case that goes on from this one, by how far the time before the trouble reaches. */
  kept: ReadonlyMap<number, OwnMemory>;
  next: MeasuredCalls;
};

/** `before`: the same case when it had fewer samples, under the same calls. The answers are the same without it. */
export function caseSeries(
  all: readonly Series[],
  calls: CaseFile['calls'],
  before?: CaseSeries,
): CaseSeries {
  const { fromMs, toMs } = extentOf(all);
  const grid = gridOf(all, fromMs, toMs);
  const graph = callGraphOf(calls);
  const byService = Map.groupBy(all, ({ metric }) => metric.service);
  const measured = measuredServices(byService, grid);
  const next: MeasuredCalls = {
    calleesOf: measuredNext(graph.callees, measured),
    callersOf: measuredNext(graph.callers, measured),
  };
  const found = new Map<string, readonly Finding[]>();
  const kept = new Map<number, OwnMemory>();
  const isOn = before && goesOn(before.grid, grid) && areNextTheSame(byService.keys(), before.next, next);
  const earlier = isOn ? before.kept : new Map<number, OwnMemory>();
  const same = isOn ? measured.sameAs(before.measured) : 0;
  const own = new Map<string, (id: string) => readonly Excess[] | null>();
  const parts = new Map<string, readonly Part[]>();
  return {
    kept,
    next,
    all,
    fromMs,
    toMs,
    grid,
    graph,
    measured,
    findings(some, span, leastStrength) {
      const key = `${span.referenceUntilMs} ${span.searchFromMs} ${span.isClean} ${leastStrength}`;
      const find = () => findingsIn(some, span, leastStrength);
      // Those of all are asked for again when a change is told later; of a few, hardly ever.
      return some === all ? once(found, key, find) : find();
    },
    excesses(id, stretch) {
      const key = `${stretch.referenceUntil} ${stretch.searchFrom} ${stretch.width}`;
      return once(own, key, () => {
        const until = stretch.referenceUntil;
        const memory = once(kept, until, ownMemory);
        const last = earlier.get(until);
        return ownExcesses(measured, next, stretch, grid, { memory, before: last && { memory: last, same } });
      })(id);
    },
    ofService: (id) => byService.get(id) ?? [],
    parts: (id, incidentMs) =>
      once(parts, `${incidentMs} ${id}`, () => partsOfService(byService.get(id) ?? [], incidentMs)),
  };
}

const goesOn = (before: Grid, now: Grid): boolean =>
  before.fromMs === now.fromMs && before.stepMs === now.stepMs && before.length <= now.length;

/** Whether all that are measured have the same next to them, in the same order: sums are made in it. */
function areNextTheSame(ids: Iterable<string>, before: MeasuredCalls, now: MeasuredCalls): boolean {
  const isSame = (some: readonly string[], others: readonly string[]) =>
    some.length === others.length && some.every((one, at) => one === others[at]);
  for (const id of ids)
    if (!isSame(before.calleesOf(id), now.calleesOf(id)) || !isSame(before.callersOf(id), now.callersOf(id)))
      return false;
  return true;
}

function findingsIn(some: readonly Series[], span: Span, leastStrength: number): Finding[] {
  const found: Finding[] = [];
  for (const one of some) {
    const finding = findingIn(one, span, leastStrength);
    if (finding) found.push(finding);
  }
  return found;
}

function extentOf(all: readonly Series[]): { fromMs: number; toMs: number } {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const { firstMs, lastMs } of all) {
    if (firstMs < fromMs) fromMs = firstMs;
    if (lastMs > toMs) toMs = lastMs;
  }
  return { fromMs, toMs };
}
