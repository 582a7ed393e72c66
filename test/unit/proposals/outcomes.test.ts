import { afterEach, beforeEach, expect, it } from 'vitest';
import { proposalDesk } from '../../../electron/proposals/proposal-desk.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';

let bench: ReturnType<typeof proposalBench>;
beforeEach(() => {
  bench = proposalBench();
});
afterEach(() => bench.close());

const MINUTE_MS = 60_000;
const run = async (proposal: Proposal) => bench.desk.approve(proposal.id, bench.answerTo(proposal));
const others = (id: string) => bench.desk.ofIncident(bench.incident).filter((one) => one.id !== id);

async function worsened() {
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  bench.told.metric = 0.9;
  await bench.time.advance(3 * MINUTE_MS);
  return bench.desk.find(proposal.id);
}

it('offers the way back at one click as soon as the action made things worse', async () => {
  const worse = await worsened();
  expect(worse.progress).toMatchObject({ state: 'done', outcome: 'worse' });
  expect(others(worse.id)).toMatchObject([
    {
      backsOut: worse.id,
      proposedBy: { kind: 'host' },
      verdict: { kind: 'offer', tier: 'ack' },
      progress: { state: 'offered' },
    },
  ]);
  expect(bench.cluster.writes).toHaveLength(1);
  const next = await bench.desk.propose(
    bench.wish({ action: 'scale-workload', input: { ...worse.target, replicas: 7 } }),
  );
  expect(next.progress.state).toBe('denied');
});

it('hands over to a human when no way back can be planned', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  bench.cluster.reader.deployment = async () => {
    throw new Error('the API server is down');
  };
  bench.told.metric = 0.9;
  await bench.time.advance(3 * MINUTE_MS);
  expect(bench.desk.find(proposal.id).progress).toMatchObject({ outcome: 'worse' });
  expect(others(proposal.id)).toEqual([]);
  expect(bench.told.escalations).toBe(1);
});

it('shows on the action what undid it, and watches its effect no longer', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  const way = await bench.desk.backOut(proposal.id, 'Mina');
  await run(way);
  expect(bench.desk.find(proposal.id).progress).toMatchObject({
    state: 'done',
    outcome: 'inconclusive',
    backedOut: { by: way.id },
  });
  await expect(bench.desk.backOut(proposal.id, 'Mina')).rejects.toMatchObject({ code: 'conflict' });
});

it('calls a back-out no improvement while the old trouble is back', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  bench.told.metric = 0.001;
  await bench.time.advance(2 * MINUTE_MS);
  expect(bench.desk.find(proposal.id).progress).toMatchObject({ outcome: 'improved' });
  const way = await bench.desk.backOut(proposal.id, 'Mina');
  await run(way);
  bench.told.metric = 0.2;
  await bench.time.advance(11 * MINUTE_MS);
  expect(bench.desk.find(way.id).progress).toMatchObject({
    state: 'done',
    outcome: 'unchanged',
    sentence: expect.stringContaining('back where it was before the action'),
  });
});

it('says improved of a back-out that ended what the action had made worse', async () => {
  const worse = await worsened();
  bench.told.history = Array(12).fill(0.9);
  const [way] = others(worse.id);
  if (!way) throw new Error('there is a way back');
  await run(way);
  bench.told.metric = 0.001;
  await bench.time.advance(11 * MINUTE_MS);
  expect(bench.desk.find(way.id).progress).toMatchObject({ outcome: 'improved' });
});

it('names the test and its numbers', async () => {
  bench.told.history = [0.19, 0.2, 0.21, 0.2, 0.22, 0.19, 0.2, 0.2];
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  bench.told.metric = 0.001;
  await bench.time.advance(2 * MINUTE_MS);
  expect(bench.desk.find(proposal.id).progress).toMatchObject({
    outcome: 'improved',
    sentence: expect.stringMatching(/rank-sum test of 5 samples after against 8 before: p = 0\.00\d/),
  });
});

it('reads back what was lost, once, and leaves it to a human', async () => {
  bench.cluster.answerWith(() => {
    throw new Error('socket hang up');
  });
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  await bench.time.advance(MINUTE_MS);
  const { progress } = bench.desk.find(proposal.id);
  expect(progress).toMatchObject({ state: 'unknown', trace: { evidence: expect.any(String) } });
  const readBacks = bench.ledger.entries({ kind: 'result' }).filter(({ body }) => 'readBack' in body);
  expect(readBacks).toHaveLength(1);
  expect(bench.cluster.writes).toHaveLength(1);
});

it('reads back again and again while the target cannot be read', async () => {
  bench.cluster.answerWith(() => {
    throw new Error('socket hang up');
  });
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  const { deployment } = bench.cluster.reader;
  bench.cluster.reader.deployment = async () => {
    throw new Error('no route to host');
  };
  await bench.time.advance(MINUTE_MS);
  expect(bench.desk.find(proposal.id).progress).not.toHaveProperty('trace');
  bench.cluster.reader.deployment = deployment;
  await bench.time.advance(MINUTE_MS);
  expect(bench.desk.find(proposal.id).progress).toHaveProperty('trace');
});

it('goes on watching after a restart', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  bench.desk.close();
  const restarted = proposalDesk(bench.context);
  restarted.reconcile();
  bench.told.metric = 0.001;
  await bench.time.advance(2 * MINUTE_MS);
  expect(restarted.find(proposal.id).progress).toMatchObject({ outcome: 'improved' });
  restarted.close();
});

it('fills in what it missed of the metric while reading it took its time', async () => {
  const proposal = await bench.desk.propose(bench.wish());
  await run(proposal);
  bench.told.metric = 0.001;
  const { latest } = bench.context;
  bench.context.latest = async () => {
    throw new Error('overloaded');
  };
  await bench.time.advance(30_000);
  bench.context.latest = latest;
  const { clock } = bench.context;
  const { now } = clock;
  // The next look comes late, as when the machine was asleep.
  clock.now = () => now() + 60_000;
  bench.context.history = async (_service, _metric, lastMs) =>
    [0, 15_000, 30_000, 45_000].map((ms) => ({ atMs: clock.now() - lastMs + ms, value: 0.002 }));
  await bench.time.advance(15_000);
  const { progress } = bench.desk.find(proposal.id);
  if (!('watch' in progress)) throw new Error('it was executed');
  expect(progress.watch.samples.map(({ value }) => value)).toEqual([null, null, 0.002, 0.002, 0.002]);
});
