import { afterEach, beforeEach, expect, it } from 'vitest';
import { proposalDesk } from '../../../electron/proposals/proposal-desk.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const MINUTE_MS = 60_000;
const byMina = { proposedBy: { kind: 'person' as const, name: 'Mina' } };
const target = { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'checkout' };
const because = 'second thoughts';

it('lets a person take their own proposal back, and keeps it back', async () => {
  const proposal = await bench.desk.propose(bench.wish(byMina));
  const taken = bench.desk.withdraw(proposal.id, { person: 'Mina', because });
  expect(taken.progress).toMatchObject({ state: 'withdrawn', person: 'Mina', because });
  expect(bench.ledger.entries({ kind: 'outcome' }).at(-1)).toMatchObject({
    actor: { kind: 'person', name: 'Mina' },
    body: { proposal: proposal.id, state: 'withdrawn', because },
  });
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(bench.cluster.writes).toEqual([]);
});

it('lets nobody take back what somebody else proposed', async () => {
  const analysts = await bench.desk.propose(bench.wish());
  const minas = await bench.desk.propose(bench.wish(byMina));
  expect(() => bench.desk.withdraw(analysts.id, { person: 'Mina', because })).toThrow(/deny it instead/);
  expect(() => bench.desk.withdraw(minas.id, { person: 'Nina', because })).toThrow(/deny it instead/);
  expect(bench.desk.find(minas.id).progress.state).toBe('offered');
});

it('makes of a revision a proposal of its own, and withdraws the earlier in the same breath', async () => {
  const earlier = await bench.desk.propose(
    bench.wish({ action: 'scale-workload', input: { ...target, replicas: 8 } }),
  );
  const before = bench.ledger.head().size;
  const revised = await bench.desk.revise(earlier.id, { input: { ...target, replicas: 7 } }, 'Mina');
  expect(revised).toMatchObject({
    revises: earlier.id,
    proposedBy: { kind: 'person', name: 'Mina' },
    arguments: { replicas: 7 },
    progress: { state: 'offered' },
  });
  expect(bench.desk.find(earlier.id).progress).toMatchObject({
    state: 'withdrawn',
    because: `Revised as ${revised.id}`,
  });
  expect(bench.ledger.head().size - before).toBe(3);
});

it('leaves the earlier one open when the guard denies the revision', async () => {
  const earlier = await bench.desk.propose(
    bench.wish({ action: 'scale-workload', input: { ...target, replicas: 8 } }),
  );
  const revised = await bench.desk.revise(earlier.id, { input: { ...target, replicas: 9_999 } }, 'Mina');
  expect(revised.progress.state).toBe('denied');
  expect(bench.desk.find(earlier.id).progress.state).toBe('offered');
});

it('proposes again what came to nothing, on what is there by then, and nothing that is still under way', async () => {
  const earlier = await bench.desk.propose(bench.wish());
  await expect(bench.desk.proposeAgain(earlier.id, 'Mina')).rejects.toMatchObject({ code: 'conflict' });
  await bench.time.advance(16 * MINUTE_MS);
  bench.cluster.change({ desiredReplicas: 5 });
  const again = await bench.desk.proposeAgain(earlier.id, 'Mina');
  expect(again).toMatchObject({ revises: earlier.id, progress: { state: 'offered' } });
  expect(again.blastRadius.sentence).toContain('5 pods');
});

it('judges what a person proposes by hand as it judges the analyst', async () => {
  const given = {
    action: 'roll-back-deployment',
    input: { ...target, to: 6 },
    expectedEffect: bench.wish().expectedEffect,
    rationale: 'I have seen this before',
  };
  const offered = await bench.desk.proposeByHand(bench.incident, given, 'Mina');
  expect(offered).toMatchObject({ progress: { state: 'offered' }, proposedBy: { kind: 'person' } });
  bench.told.stop = { stopped: true, by: 'Mina', reason: 'smoke', atMs: 1 };
  expect((await bench.desk.proposeByHand(bench.incident, given, 'Mina')).progress.state).toBe('denied');
});

it('says of a proposal that rests on a log line alone that it does, and asks for more than a click', async () => {
  bench.told.outsiderText = true;
  const { verdict } = await bench.desk.propose(bench.wish());
  expect(verdict).toMatchObject({ kind: 'offer', tier: expect.not.stringMatching('ack') });
  expect(JSON.stringify(verdict.rules)).toMatch(/text/);
});

it('shows what is otherwise, field by field, when the target drifted', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  bench.cluster.change({ templateDigest: 'other', revision: 8 });
  const { answer, trial } = await bench.desk.recheck(proposal.id);
  expect(answer).toMatchObject({
    kind: 'drifted',
    differences: expect.arrayContaining([
      { field: 'revision', was: '7', is: '8' },
      { field: 'templateDigest', was: 'bad', is: 'other' },
    ]),
  });
  expect(trial).toBeNull();
});

it('is void as soon as the clock is set back while it is open', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const { clock } = bench.context;
  const { now } = clock;
  await bench.time.advance(10 * MINUTE_MS);
  clock.now = () => now() - 5 * MINUTE_MS;
  await bench.time.advance(6_000);
  expect(bench.desk.find(proposal.id).progress).toMatchObject({
    state: 'voided',
    because: expect.stringContaining('The clock was set back by 295 s'),
  });
});

it('is void at a restart when the clock was set back meanwhile', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const { clock } = bench.context;
  const { now } = clock;
  await bench.time.advance(10 * MINUTE_MS);
  clock.now = () => now() - 5 * MINUTE_MS;
  const restarted = proposalDesk(bench.context);
  await expect(restarted.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(restarted.find(proposal.id).progress.state).toBe('voided');
  restarted.close();
});

it('puts on record what is about to be sent, before it is: object, facts, what was shown, by when', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  const [asked] = bench.ledger.entries({ kind: 'proposal' });
  const [intent] = bench.ledger.entries({ kind: 'intent' });
  expect(intent?.body).toMatchObject({
    proposal: proposal.id,
    uid: 'u1',
    factsDigest: asked?.body['factsDigest'],
    shownDigest: bench.answerTo(proposal).shownDigest,
    approvers: ['Mina'],
    deadlineMs: expect.any(Number),
  });
});
