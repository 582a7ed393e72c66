import { expect, it } from 'vitest';
import type { AnalystDesk } from '../../../electron/analyst/analyst-desk.ts';
import { readingDesk } from '../../../electron/host/reading-desk.ts';
import type { Candidates } from '../../../shared/vocabulary/candidate.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Incident } from '../../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../../shared/vocabulary/status.ts';
import { decisionOf, proposalOf } from '../../fixtures/proposal-of.ts';

const incident = { id: IncidentId.parse('inc-1'), title: 'Checkout is slow' } as Incident;
const rankedFirst = (id: string, worthReading = 1) =>
  ({ changes: [{ id, title: id }], worthReading }) as Candidates;
const doneWith = (outcome: 'improved' | 'unchanged' | 'worse') =>
  proposalOf({
    progress: {
      state: 'done',
      decision: decisionOf(),
      execution: { intentMs: 1, steps: [], endedMs: 2 },
      watch: { before: 1, samples: [], untilMs: 3 },
      outcome,
      sentence: '',
    },
  });

function bench() {
  const told = {
    ranked: rankedFirst('a'),
    proposals: [] as Proposal[],
    stop: { stopped: false } as StopState,
    reads: [] as string[],
  };
  const analyst = {
    isReading: () => false,
    start: async (_incident: string, because: string) => void told.reads.push(because),
  } as unknown as AnalystDesk;
  const desk = readingDesk({
    analyst: () => analyst,
    candidatesOf: () => told.ranked,
    proposalsOf: () => told.proposals,
    stop: () => told.stop,
  });
  return { told, desk };
}

it('reads as an incident opens, and again when another change has become the likeliest', async () => {
  const { told, desk } = bench();
  await desk.onOpened(incident);
  desk.onRanked(incident, rankedFirst('a'));
  expect(told.reads).toHaveLength(1);
  told.ranked = rankedFirst('b');
  desk.onRanked(incident, rankedFirst('b'));
  desk.onRanked(incident, rankedFirst('b'));
  expect(told.reads).toHaveLength(2);
});

it('reads again once when the likeliest change, too weak to go by before, has become worth reading', async () => {
  const { told, desk } = bench();
  told.ranked = rankedFirst('a', 0);
  await desk.onOpened(incident);
  desk.onRanked(incident, rankedFirst('a', 0));
  expect(told.reads).toHaveLength(1);
  told.ranked = rankedFirst('a', 3);
  desk.onRanked(incident, rankedFirst('a', 3));
  desk.onRanked(incident, rankedFirst('a', 2));
  expect(told.reads).toHaveLength(2);
});

it('reads again once when metrics can be read that could not', async () => {
  const { told, desk } = bench();
  told.ranked = { ...rankedFirst('a'), unmeasured: ['Prometheus'] };
  await desk.onOpened(incident);
  desk.onRanked(incident, told.ranked);
  expect(told.reads).toHaveLength(1);
  told.ranked = rankedFirst('a');
  desk.onRanked(incident, told.ranked);
  desk.onRanked(incident, { ...rankedFirst('a'), unmeasured: ['Prometheus'] });
  desk.onRanked(incident, told.ranked);
  expect(told.reads).toHaveLength(2);
  expect(told.reads[1]).toBe('Metrics can be read now: read again with them.');

  const empty = bench();
  empty.told.ranked = { changes: [], worthReading: 0, unmeasured: ['Prometheus'] } as unknown as Candidates;
  await empty.desk.onOpened(incident);
  empty.desk.onRanked(incident, { changes: [], worthReading: 0 } as unknown as Candidates);
  expect(empty.told.reads).toHaveLength(2);
});

it('leaves a person in peace who has a proposal to decide', async () => {
  const { told, desk } = bench();
  await desk.onOpened(incident);
  told.proposals = [proposalOf()];
  desk.onRanked(incident, rankedFirst('b'));
  expect(told.reads).toHaveLength(1);
});

it.each([
  ['improved', 0],
  ['unchanged', 1],
  ['worse', 1],
] as const)('after an action that ended %s it reads %i times more', async (outcome, times) => {
  const { told, desk } = bench();
  desk.onConcluded(doneWith(outcome));
  expect(told.reads).toHaveLength(times);
});

it('does not read for ever, however often the ranking changes, and never under a stop', async () => {
  const { told, desk } = bench();
  await desk.onOpened(incident);
  for (let n = 0; n < 50; n += 1) {
    told.ranked = rankedFirst(`c${n}`);
    desk.onRanked(incident, rankedFirst(`c${n}`));
  }
  expect(told.reads).toHaveLength(5);
  const other = bench();
  other.told.stop = { stopped: true, by: 'Mina', reason: 'x', atMs: 1 };
  await other.desk.onOpened(incident);
  expect(other.told.reads).toEqual([]);
});
