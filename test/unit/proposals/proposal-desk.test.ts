import canonicalize from 'canonicalize';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { isSignedBy } from '../../../electron/platform/ed25519.ts';
import { proposalDesk } from '../../../electron/proposals/proposal-desk.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const MINUTE_MS = 60_000;
const stopped = { stopped: true, by: 'Mina', reason: 'smoke', atMs: 1 } as const;

it('carries an approved rollback from proposal to improved, every step on record', async () => {
  const { desk, cluster, told, time } = bench;
  const proposal = await desk.propose(bench.wish());
  expect(proposal).toMatchObject({ title: 'Roll back checkout to 1.41', progress: { state: 'offered' } });
  expect(proposal.blastRadius.sentence).toBe('1 deployment, 6 pods, tier-1 service');
  expect(proposal.backOutCommand).toContain('--to-revision=7');

  const watching = await desk.approve(proposal.id, bench.answerTo(proposal));
  expect(watching.progress.state).toBe('watching');
  expect(cluster.writes).toEqual([{ verb: 'rollTo', intent: proposal.id }]);

  told.metric = 0.001;
  await time.advance(2 * MINUTE_MS);
  expect(desk.find(proposal.id).progress).toMatchObject({ state: 'done', outcome: 'improved' });
  const kinds = bench.kinds();
  const order = ['proposal', 'shown', 'decision', 'intent', 'result', 'outcome'];
  expect(order.map((kind) => kinds.indexOf(kind as never))).toEqual(
    order.map((kind) => kinds.indexOf(kind as never)).toSorted((a, b) => a - b),
  );
  expect(kinds).toEqual(expect.arrayContaining(order));
  expect(verifyDataFile(bench.file).ok).toBe(true);
});

it('writes nothing without an approval, however long one waits', async () => {
  await bench.desk.propose(bench.wish());
  await bench.time.advance(60 * MINUTE_MS);
  expect(bench.cluster.writes).toEqual([]);
});

it('signs exactly what was shown with the key of the approver', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  if (!('decision' in progress)) throw new Error('an approval leaves its decision');
  const { signature } = progress.decision;
  const stored = bench.stored('decision');
  const { signature: onRecord, publicKey, ...decision } = stored.body;
  expect(onRecord).toBe(signature);
  const text = canonicalize(decision);
  const signs = (over: string) =>
    isSignedBy(bench.key.publicKey, Buffer.from(over), Buffer.from(signature, 'base64'));
  expect(signs(text ?? '')).toBe(true);
  expect(signs((text ?? '').replace('Mina', 'Nina'))).toBe(false);
});

it('refuses an approval of anything but what is stored', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const answer = { ...bench.answerTo(proposal), shownDigest: 'c'.repeat(64) };
  await expect(bench.desk.approve(proposal.id, answer)).rejects.toMatchObject({ code: 'conflict' });
  expect(bench.desk.find(proposal.id).progress.state).toBe('offered');
});

it('refuses the digest of another proposal', async () => {
  const first = await bench.desk.propose(bench.wish());
  const second = await bench.desk.propose(bench.wish({ rationale: 'another reason' }));
  await expect(bench.desk.approve(first.id, bench.answerTo(second))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(bench.cluster.writes).toEqual([]);
});

it.each([undefined, '', 'Checkout', 'checkоut'])(
  'wants the target typed exactly, not %j',
  async (typedTarget) => {
    const proposal = await bench.desk.propose(bench.wish());
    const answer = { ...bench.answerTo(proposal), typedTarget };
    await expect(bench.desk.approve(proposal.id, answer)).rejects.toMatchObject({ code: 'bad_input' });
    expect(bench.cluster.writes).toEqual([]);
  },
);

it('executes an approval once, though two windows approve at the same time', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const both = await Promise.allSettled([
    bench.desk.approve(proposal.id, bench.answerTo(proposal)),
    bench.desk.approve(proposal.id, bench.answerTo(proposal)),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(bench.cluster.writes).toHaveLength(1);
});

it.each<[string, (bench: ReturnType<typeof proposalBench>) => void]>([
  ['the target drifted', ({ cluster }) => cluster.change({ templateDigest: 'other', revision: 8 })],
  ['the target was made anew', ({ cluster }) => cluster.change({ uid: 'u2' })],
  ['the envelope changed', (one) => one.swapEnvelope('2')],
  ['a GitOps controller took it over', ({ cluster }) => cluster.change({ managedBy: 'flux' })],
])('is void at the execution when %s', async (_case, meddle) => {
  const proposal = await bench.desk.propose(bench.wish());
  meddle(bench);
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('voided');
  expect(bench.cluster.writes).toEqual([]);
});

it('voids an open offer as soon as a recheck sees the drift', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  bench.cluster.change({ templateDigest: 'other', revision: 8 });
  await bench.time.advance(6_000);
  expect(bench.desk.find(proposal.id).progress).toMatchObject({ state: 'voided' });
});

it('expires when nobody decides within a quarter of an hour', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await bench.time.advance(15 * MINUTE_MS);
  expect(bench.desk.find(proposal.id).progress.state).toBe('expired');
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'conflict',
  });
});

it('refuses an approval under a stop', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  bench.told.stop = stopped;
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'stopped',
  });
});

it('a stop that comes while the target is read still wins', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const readDeployment = bench.cluster.reader.deployment;
  bench.cluster.reader.deployment = async (...args) => {
    bench.told.stop = stopped;
    return readDeployment(...args);
  };
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress.state).toBe('voided');
  expect(bench.cluster.writes).toEqual([]);
});

it('leaves an answer that never came to a human, and never repeats the write', async () => {
  bench.cluster.answerWith(() => {
    throw new Error('socket hang up');
  });
  const proposal = await bench.desk.propose(bench.wish());
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({ state: 'unknown', because: 'socket hang up' });
  await bench.time.advance(30 * MINUTE_MS);
  expect(bench.cluster.writes).toHaveLength(1);
  const resolved = bench.desk.resolve(proposal.id, {
    applied: false,
    person: 'Mina',
    reason: 'revision is still 7',
  });
  expect(resolved.progress.state).toBe('failed');
});

it('says that nothing changed when the server refused', async () => {
  bench.cluster.answerWith(() => ({ kind: 'not-applied', because: 'deployments.apps is forbidden' }));
  const proposal = await bench.desk.propose(bench.wish());
  const { progress } = await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  expect(progress).toMatchObject({ state: 'failed', because: 'deployments.apps is forbidden' });
});

it('writes nothing when the ledger cannot record the intent', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const record = bench.context.ledger.record;
  bench.context.ledger.record = (entries, also) => {
    const list = Array.isArray(entries) ? entries : [entries];
    if (list.some(({ kind }) => kind === 'intent')) throw new Error('disk full');
    return record(entries, also);
  };
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toThrow('disk full');
  expect(bench.cluster.writes).toEqual([]);
});

it('closes after a crash what was approved and hands over what may have been sent', async () => {
  const approved = await bench.desk.propose(bench.wish());
  const { ledger } = bench.context;
  const record = ledger.record;
  const crashAt = (kind: string) => {
    ledger.record = (entries, also) => {
      const list = Array.isArray(entries) ? entries : [entries];
      if (list.some((entry) => entry.kind === kind)) throw new Error('crash');
      return record(entries, also);
    };
  };
  crashAt('intent');
  await expect(bench.desk.approve(approved.id, bench.answerTo(approved))).rejects.toThrow('crash');
  ledger.record = record;
  const executing = await bench.desk.propose(bench.wish());
  crashAt('result');
  await expect(bench.desk.approve(executing.id, bench.answerTo(executing))).rejects.toThrow('crash');
  ledger.record = record;

  const restarted = proposalDesk(bench.context);
  restarted.reconcile();
  expect(restarted.find(approved.id).progress.state).toBe('voided');
  expect(restarted.find(executing.id).progress.state).toBe('unknown');
  expect(bench.cluster.writes).toHaveLength(1);
  restarted.close();
});

it('backs out with a proposal of its own at tier ack that puts the state before back', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await bench.desk.approve(proposal.id, bench.answerTo(proposal));
  const way = await bench.desk.backOut(proposal.id, 'Mina');
  expect(way).toMatchObject({ backsOut: proposal.id, verdict: { kind: 'offer', tier: 'ack' } });
  expect(way.command).toContain('--to-revision=7');
  const { progress } = await bench.desk.approve(way.id, { ...bench.answerTo(way), typedTarget: undefined });
  expect(progress.state).toBe('watching');
  expect(
    (
      await bench.cluster.reader.deployment(
        { namespace: 'shop', name: 'checkout' },
        AbortSignal.timeout(1000),
      )
    ).templateDigest,
  ).toBe('bad');
});

it('has nothing to back out of what was never executed', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await expect(bench.desk.backOut(proposal.id, 'Mina')).rejects.toMatchObject({ code: 'conflict' });
});

it('a denial is final and on record with its reason', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  const { progress } = bench.desk.deny(proposal.id, { ...bench.answerTo(proposal), reason: 'not convinced' });
  expect(progress).toMatchObject({ state: 'refused', decision: { person: 'Mina', reason: 'not convinced' } });
  await expect(bench.desk.approve(proposal.id, bench.answerTo(proposal))).rejects.toMatchObject({
    code: 'conflict',
  });
});

it.each<[string, object, string]>([
  ['an unknown action', { action: 'exec' }, 'bad_input'],
  [
    'a member too many',
    {
      input: {
        cluster: 'drill-cluster',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'checkout',
        to: 6,
        shell: 'rm',
      },
    },
    'bad_input',
  ],
  [
    'a name that would break a shell',
    {
      input: { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'a; rm -rf /', to: 6 },
    },
    'bad_input',
  ],
  [
    'a look-alike name',
    { input: { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'checkоut', to: 6 } },
    'bad_input',
  ],
  [
    'a cluster nobody connected',
    { input: { cluster: 'elsewhere', kind: 'Deployment', namespace: 'shop', name: 'checkout', to: 6 } },
    'not_found',
  ],
  [
    'a revision nobody holds',
    { input: { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'checkout', to: 3 } },
    'not_found',
  ],
])('refuses to propose %s', async (_case, differences, code) => {
  await expect(bench.desk.propose(bench.wish(differences))).rejects.toMatchObject({ code });
});

it('a denied proposal is recorded and never offered', async () => {
  bench.told.stop = stopped;
  const proposal = await bench.desk.propose(bench.wish());
  expect(proposal.progress.state).toBe('denied');
  expect(bench.kinds()).toContain('verdict');
});
