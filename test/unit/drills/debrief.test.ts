import { describe, expect, it } from 'vitest';
import { debriefOf } from '../../../electron/drills/debrief.ts';
import type { DrillFacts } from '../../../electron/drills/facts.ts';
import { Debrief, type ScorePart } from '../../../shared/vocabulary/drill.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import { ProposalId } from '../../../shared/vocabulary/ids.ts';
import {
  answerOf,
  BEGAN,
  DECOY,
  executed,
  factsOf,
  HARMLESS,
  MINUTE,
  past,
  stated,
  TRUE,
} from '../../fixtures/drill-facts.ts';

const debrief = (facts: Partial<DrillFacts> = {}, answer = answerOf(), earlier = [past(50)]) =>
  Debrief.parse(debriefOf(factsOf(facts), answer, earlier));
const points = ({ parts }: Debrief) =>
  Object.fromEntries(parts.map((part) => [part.name, part.points])) as Record<ScorePart['name'], number>;

it('gives all points for the right cause first, the right action soon and nothing else', () => {
  const one = debrief({ statements: [stated(3, TRUE, DECOY)], proposals: [executed('p1', 3, 'improved')] });
  expect(one.score).toBe(100);
  expect(one.times).toEqual({
    detect: MINUTE,
    cause: 3 * MINUTE,
    causeFirst: 3 * MINUTE,
    mitigation: 5 * MINUTE,
  });
  expect(one.helped).toEqual([
    {
      at: 3 * MINUTE,
      title: 'Do p1',
      sentence: 'The version before does not have the fault. The expected effect came.',
    },
  ]);
  expect([one.harm, one.chased]).toEqual([[], []]);
});

it('gives nothing for cause, speed and mitigation to who does nothing where something helps', () => {
  const one = debrief();
  expect(points(one)).toEqual({ cause: 0, speed: 0, mitigation: 0, harm: 15, decoys: 10 });
  expect(one.times).toEqual({ detect: MINUTE, cause: null, causeFirst: null, mitigation: null });
});

it('tells when the cause was stated from when it stood first', () => {
  const one = debrief({ statements: [stated(2, HARMLESS, TRUE), stated(9, TRUE)] });
  expect(one.times).toMatchObject({ cause: 2 * MINUTE, causeFirst: 9 * MINUTE });
  expect(points(one)).toMatchObject({ cause: 20, decoys: 7 });
});

it('gives less where the true cause was given up again', () => {
  expect(points(debrief({ statements: [stated(2, TRUE), stated(9, HARMLESS, TRUE)] })).cause).toBe(12);
  expect(points(debrief({ statements: [stated(2, HARMLESS, TRUE)] })).cause).toBe(6);
});

it.each([
  [6, 10],
  [11, 8],
  [18.5, 5],
  [31, 0],
  [90, 0],
])('gives fewer points for the word that comes later: at minute %d, %d of 10', (minute, expected) => {
  // Noticed a minute after it began; all points for five minutes, none from thirty on.
  expect(points(debrief({ statements: [stated(minute, TRUE)] })).speed).toBe(expected);
});

describe('a wrong cause', () => {
  it('counts once, however often it stood first, and says whether it was laid out', () => {
    const one = debrief({ statements: [stated(2, DECOY), stated(3, HARMLESS), stated(4, DECOY)] });
    expect(one.chased.map(({ at, sentence }) => [at / MINUTE, sentence])).toEqual([
      [2, 'It stood first, and it was a decoy: laid out to tempt, without any effect.'],
      [3, 'It stood first, and it was harmless.'],
    ]);
    expect(points(one).decoys).toBe(4);
  });

  it('costs more when an approval rests on it', () => {
    const evidence = [{ sentence: 'It came first', events: [DECOY], reads: [] }];
    const target = executed('p1', 5, 'unchanged').target;
    const approved = executed('p1', 5, 'unchanged', { evidence, target: { ...target, name: 'checkout' } });
    const one = debrief({ statements: [stated(2, DECOY)], proposals: [approved] });
    expect(one.chased.map(({ title }) => title)).toEqual([`${DECOY} is the cause`, 'Do p1']);
    expect(points(one)).toMatchObject({ decoys: 1, mitigation: 0 });
  });

  it('is no approval that also rested on the true one', () => {
    const evidence = [{ sentence: 'Both came first', events: [DECOY, TRUE], reads: [] }];
    const target = executed('p1', 5, 'unchanged').target;
    const approved = executed('p1', 5, 'unchanged', { evidence, target: { ...target, name: 'checkout' } });
    expect(debrief({ proposals: [approved] }).chased).toEqual([]);
  });

  it('is no chase when nothing is claimed, or a service that the trouble was in', () => {
    expect(debrief({ statements: [stated(2, null), stated(3, 'payments')] }).chased).toEqual([]);
  });
});

describe('where none of our changes did it', () => {
  const answer = answerOf({ changes: [], helps: [], services: ['card-gateway'] });

  it('is right to say that it is not seen in our data, and to leave everything alone', () => {
    const one = debrief({ statements: [stated(3, null, HARMLESS)] }, answer);
    expect(one.score).toBe(100);
    expect(one.times.mitigation).toBeNull();
    expect(one.parts.find(({ name }) => name === 'mitigation')?.sentence).toMatch(/^Nothing was to be done/);
  });

  it('is wrong to act all the same', () => {
    const one = debrief(
      { statements: [stated(3, null)], proposals: [executed('p1', 4, 'unchanged')] },
      answer,
    );
    expect(points(one)).toMatchObject({ cause: 20, mitigation: 0, speed: 10 });
  });

  it('is a chase to put any change first', () => {
    expect(debrief({ statements: [stated(3, HARMLESS)] }, answer).chased).toHaveLength(1);
  });
});

describe('harm', () => {
  const scaled = executed('p1', 5, 'unchanged', {
    action: 'scale-workload',
    target: { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'checkout' },
  });

  it('is what the answer says would harm', () => {
    const one = debrief({ proposals: [scaled] });
    expect(one.harm).toEqual([
      { at: 5 * MINUTE, title: 'Do p1', sentence: 'More callers load what is already slow.' },
    ]);
    expect(points(one).harm).toBe(5);
  });

  it('is also what made the metrics worse, even if it should have helped', () => {
    const one = debrief({ proposals: [executed('p1', 5, 'worse')] });
    expect(one.harm[0]?.sentence).toBe('The metrics got worse after it.');
    expect(one.helped).toEqual([]);
    expect(points(one).mitigation).toBe(0);
  });

  it('is not what was only offered or denied', () => {
    const offered = { ...scaled, progress: { state: 'offered' as const } };
    expect(debrief({ proposals: [offered] }).harm).toEqual([]);
  });
});

it('gives half for the right action whose effect was not seen to come, and none for one that was taken back', () => {
  expect(points(debrief({ proposals: [executed('p1', 5, 'unchanged')] })).mitigation).toBe(15);
  const back = executed('p2', 9, 'unchanged', { backsOut: ProposalId.parse('p1') });
  const one = debrief({ proposals: [executed('p1', 5, 'improved'), back] });
  expect(points(one).mitigation).toBe(0);
  expect(one.times.mitigation).toBeNull();
});

it('lays what happened beside what was done, in order of time, and says what it turned out to be', () => {
  const record = (minute: number, title: string, sort: 'decision' | 'outcome'): Event => ({
    incident: factsOf().incident.id,
    kind: 'record',
    sort,
    ref: 'p1',
    key: `record:${sort}:p1:${minute}`,
    atMs: BEGAN + minute * MINUTE,
    service: 'payments',
    title,
    source: 'countersign',
  });
  const one = debrief({
    events: [
      ...factsOf().events,
      record(4, 'Mina approved', 'decision'),
      record(6, 'Outcome improved', 'outcome'),
    ],
    statements: [stated(2, DECOY), stated(3, TRUE), stated(5, TRUE)],
    proposals: [executed('p1', 4, 'improved')],
  });
  expect(one.timeline.map(({ at, lane, was, title }) => `${at / MINUTE} ${lane} ${was}: ${title}`)).toEqual([
    `-2 world decoy: payments: Changed ${DECOY}`,
    `-1 world cause: Changed ${TRUE}`,
    '0 world plain: The trouble began',
    '1 world plain: payments: Errors of checkout',
    `2 room decoy: First hypothesis: ${DECOY} is the cause`,
    `3 room right: First hypothesis: ${TRUE} is the cause`,
    '4 room plain: Mina approved',
    '6 room help: Outcome improved',
  ]);
});

it('tells an alert when it fired, not since when its condition held', () => {
  const early = factsOf().events.map((event) =>
    event.kind === 'signal' ? { ...event, atMs: BEGAN + 10_000 } : event,
  );
  const { timeline } = debrief({ events: early }, answerOf({ alertedMs: BEGAN + 2 * MINUTE }));
  expect(timeline.find(({ title }) => title.includes('Errors of checkout'))?.at).toBe(2 * MINUTE);
});

it('tells what led to what first where all of it was in one instant', () => {
  const record = (sort: 'incident' | 'proposal', title: string): Event => ({
    incident: factsOf().incident.id,
    kind: 'record',
    sort,
    ref: 'p1',
    key: title,
    atMs: BEGAN,
    service: null,
    title,
    source: 'countersign',
  });
  const { timeline } = debrief({
    events: [record('incident', 'Opened'), record('proposal', 'Proposed'), record('incident', 'Closed')],
    statements: [stated(0, TRUE)],
  });
  expect(timeline.map(({ title }) => title)).toEqual([
    'The trouble began',
    'Opened',
    `First hypothesis: ${TRUE} is the cause`,
    'Proposed',
    'Closed',
  ]);
});

it('compares with the earlier drills of the same person alone', () => {
  const earlier = [
    past(100, { person: 'Ravi' }),
    past(60),
    past(20, { scenario: 'retry-storm' }),
    past(30),
    past(90, { scenario: 'retry-storm' }),
  ];
  const { comparison, score } = debrief({}, answerOf(), earlier);
  expect(score).toBe(25);
  expect(comparison.all).toEqual({ earlier: 4, best: 90, median: 45, rank: 4 });
  expect(comparison.sameScenario).toEqual({ earlier: 2, best: 60, median: 45, rank: 3 });
  expect(comparison.last.map((one) => one.score)).toEqual([60, 20, 30, 90]);
});

it('has nothing to compare the first drill with', () => {
  expect(debrief({}, answerOf(), []).comparison).toEqual({
    all: { earlier: 0, best: null, median: null, rank: 1 },
    sameScenario: { earlier: 0, best: null, median: null, rank: 1 },
    last: [],
  });
});

it('counts trouble of two causes as mitigated when both are dealt with, and not before', () => {
  const answer = answerOf({
    changes: [TRUE, 'flag:default/search.prefetch@12'],
    helps: [
      ...answerOf().helps,
      { action: 'roll-back-deployment', target: 'search', sentence: 'The other half.' },
    ],
  });
  const search = { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'search' } as const;
  const one = executed('p1', 3, 'improved');
  const both = [one, executed('p2', 9, 'improved', { target: search })];
  expect(debrief({ proposals: [one] }, answer).times.mitigation).toBeNull();
  expect(debrief({ proposals: [one, executed('p3', 9, 'improved')] }, answer).times.mitigation).toBeNull();
  expect(debrief({ proposals: both }, answer).times.mitigation).toBe(11 * MINUTE);
});
