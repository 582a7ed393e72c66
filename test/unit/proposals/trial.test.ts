import { afterEach, beforeEach, expect, it } from 'vitest';
import { obstacleIn } from '../../../electron/proposals/trial.ts';
import type { TrialAnswer } from '../../../shared/vocabulary/proposal.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const yes: TrialAnswer = { kind: 'accepted', sentence: 'it would be' };
const no: TrialAnswer = { kind: 'refused', because: 'deployments.apps is forbidden' };
const cannot: TrialAnswer = { kind: 'untried', because: 'Unleash knows no trial run' };

it.each([
  [{ action: yes, backOut: yes, permissions: yes }, null],
  [{ action: yes, backOut: cannot, permissions: cannot }, null],
  [{ action: no, backOut: yes, permissions: yes }, /would not take it/],
  [{ action: yes, backOut: no, permissions: yes }, /would not take the way back/],
  [{ action: yes, backOut: yes, permissions: no }, /forbidden/],
])('%j', (answers, obstacle) => {
  const found = obstacleIn({ atMs: 1, ...answers });
  if (obstacle === null) expect(found).toBeNull();
  else expect(found).toMatch(obstacle);
});

it('asks the server about the action, its way back and the rights before anybody may approve', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const { trial } = await bench.desk.recheck(proposal.id);
  expect(trial).toMatchObject({
    action: { kind: 'accepted' },
    backOut: { kind: 'accepted' },
    permissions: { kind: 'accepted', sentence: expect.stringContaining('patch deployments') },
  });
  expect(bench.cluster.writes).toEqual([]);
});

it('approves nothing that the server would not take, and signs nothing', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  bench.told.trial = { kind: 'not-applied', because: 'admission webhook denied the request' };
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('admission webhook denied the request'),
  });
  expect(bench.desk.find(proposal.id).progress.state).toBe('offered');
  expect(bench.kinds()).not.toContain('decision');
  expect(bench.cluster.writes).toEqual([]);
});

it('takes silence for no', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  bench.told.trial = { kind: 'unknown', because: 'The server did not answer in time' };
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'refused',
  });
});

it('names each right that is lacking, before the approval and not after', async () => {
  bench.cluster.reader.may = async ({ verb }) => verb !== 'patch';
  const proposal = await bench.desk.propose(bench.wish());
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('may not patch deployments.apps'),
  });
});

const off = {
  action: 'set-flag',
  input: {
    cluster: 'drill-flags',
    project: 'default',
    flag: 'checkout.new-cart',
    environment: 'production',
    enabled: false,
    percent: null,
  },
};

it.each([
  ['denied', 'refused', /may not get feature flags, update feature environments for/],
  ['unclear', 'untried', /drill-flags does not tell whether these credentials may/],
] as const)('takes %s of a flag’s system for %s', async (answer, kind, because) => {
  bench.flags.reader.may = async () => answer;
  const proposal = await bench.desk.propose(bench.wish(off));
  const { trial } = await bench.desk.recheck(proposal.id);
  expect(trial?.permissions).toMatchObject({ kind, because: expect.stringMatching(because) });
  expect(bench.flags.writes).toEqual([]);
});

it('asks only for the right that this change of a flag takes', async () => {
  const proposal = await bench.desk.propose(bench.wish(off));
  const { trial } = await bench.desk.recheck(proposal.id);
  expect(trial?.permissions).toMatchObject({
    sentence: 'The credentials may get feature flags, update feature environments',
  });
});

it('refuses when the rights cannot be asked about', async () => {
  bench.cluster.reader.may = async () => {
    throw new Error('the review was refused');
  };
  const proposal = await bench.desk.propose(bench.wish());
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('the review was refused'),
  });
});

it('asks at most every half minute, however many look at the card at once', async () => {
  let asked = 0;
  const { may } = bench.cluster.reader;
  bench.cluster.reader.may = (...given) => {
    asked += 1;
    return may(...given);
  };
  const proposal = await bench.desk.propose(bench.wish());
  await Promise.all([1, 2, 3, 4].map(() => bench.desk.recheck(proposal.id)));
  const once = asked;
  await bench.time.advance(25_000);
  expect(asked).toBe(once);
  await bench.time.advance(10_000);
  expect(asked).toBe(2 * once);
});
