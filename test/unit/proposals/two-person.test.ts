import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { proposalBench } from '../../fixtures/proposal-bench.ts';
import { changeEnvelope, everythingTakesTwo, twoPeople } from '../../fixtures/two-people.ts';

let bench: ReturnType<typeof proposalBench>;
let people: ReturnType<typeof twoPeople>;
beforeEach(() => {
  bench = proposalBench();
  people = twoPeople(bench);
  changeEnvelope(bench, everythingTakesTwo);
});
afterEach(() => bench.close());

const as = (person: string, proposal: Parameters<typeof bench.answerTo>[0]) => ({
  ...bench.answerTo(proposal),
  person,
});
const offered = () => bench.desk.propose(bench.wish());

describe('tier two-person', () => {
  it('executes after the approvals of two persons, and the intent names both', async () => {
    const proposal = await offered();
    const first = await bench.desk.approve(proposal.id, as('Mina', proposal));
    expect(first.progress).toMatchObject({ state: 'offered', approvals: [{ person: 'Mina' }] });
    expect(bench.kinds()).not.toContain('intent');
    const done = await bench.desk.approve(proposal.id, as('Bob', proposal));
    expect(done.progress).toMatchObject({
      state: 'watching',
      decision: { person: 'Bob', first: { person: 'Mina' } },
    });
    expect(bench.ledger.entries({ kind: 'intent' })[0]?.body['approvers']).toEqual(['Mina', 'Bob']);
    expect(bench.ledger.entries({ kind: 'decision' }).map(({ actor }) => actor.name)).toEqual([
      'Mina',
      'Bob',
    ]);
  });

  it('does not take the second approval from the one who gave the first', async () => {
    const proposal = await offered();
    await bench.desk.approve(proposal.id, as('Mina', proposal));
    await expect(bench.desk.approve(proposal.id, as('Mina', proposal))).rejects.toThrow('somebody else');
    expect(bench.kinds()).not.toContain('intent');
  });

  it('does not take one key under two names for two persons', async () => {
    const proposal = await offered();
    await bench.desk.approve(proposal.id, as('Mina', proposal));
    people.keys.set('Eve', bench.key);
    await expect(bench.desk.approve(proposal.id, as('Eve', proposal))).rejects.toThrow('somebody else');
  });

  it('does not take a name that looks like the first for another person', async () => {
    const proposal = await offered();
    await bench.desk.approve(proposal.id, as('Mina', proposal));
    people.keys.set('Мina', signerOf(newPrivateKey()));
    await expect(bench.desk.approve(proposal.id, as('Мina', proposal))).rejects.toThrow('somebody else');
  });

  it('does not take somebody whom nobody vouched for', async () => {
    const proposal = await offered();
    await bench.desk.approve(proposal.id, as('Mina', proposal));
    people.keys.set('Eve', signerOf(newPrivateKey()));
    await expect(bench.desk.approve(proposal.id, as('Eve', proposal))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(bench.kinds()).not.toContain('intent');
  });

  it('counts whoever proposed it as one of the two at most', async () => {
    const proposal = await bench.desk.propose(bench.wish({ proposedBy: { kind: 'person', name: 'Mina' } }));
    const first = await bench.desk.approve(proposal.id, as('Mina', proposal));
    expect(first.progress.state).toBe('offered');
    await expect(bench.desk.approve(proposal.id, as('Mina', proposal))).rejects.toThrow('somebody else');
    const done = await bench.desk.approve(proposal.id, as('Bob', proposal));
    expect(done.progress.state).toBe('watching');
  });

  it.each(['Mina', 'Bob'])('lets %s refuse after the first approval', async (person) => {
    const proposal = await offered();
    await bench.desk.approve(proposal.id, as('Mina', proposal));
    const refused = bench.desk.deny(proposal.id, as(person, proposal));
    expect(refused.progress).toMatchObject({
      state: 'refused',
      decision: { person, first: { person: 'Mina' } },
    });
    await expect(bench.desk.approve(proposal.id, as('Bob', proposal))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it.each<[string, (one: typeof bench) => unknown, string]>([
    ['drift', ({ cluster }) => cluster.change({ templateDigest: 'other', revision: 8 }), 'voided'],
    ['a stop', ({ desk }) => desk.voidAllOpen('Stopped by Mina: enough'), 'voided'],
    ['another envelope', (one) => changeEnvelope(one, {}, 'f'.repeat(64)), 'voided'],
    ['time', ({ time }) => time.advance(16 * 60_000), 'expired'],
  ])('voids the first approval with the offer, by %s', async (_what, meddle, state) => {
    const proposal = await offered();
    await bench.desk.approve(proposal.id, as('Mina', proposal));
    await meddle(bench);
    await bench.time.advance(6_000);
    await bench.desk.approve(proposal.id, as('Bob', proposal)).catch(() => undefined);
    expect(bench.desk.find(proposal.id).progress.state).toBe(state);
    expect(bench.cluster.writes).toEqual([]);
    expect(bench.kinds()).not.toContain('intent');
  });

  it('takes only one of two second approvals that come at the same time', async () => {
    const proposal = await offered();
    await bench.desk.approve(proposal.id, as('Mina', proposal));
    const both = await Promise.allSettled([
      bench.desk.approve(proposal.id, as('Bob', proposal)),
      bench.desk.approve(proposal.id, as('Bob', proposal)),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bench.kinds().filter((kind) => kind === 'intent')).toHaveLength(1);
  });
});

describe('stage shadow', () => {
  beforeEach(() => changeEnvelope(bench, { stage: 'shadow', tiers: [{ when: {}, tier: 'confirm' }] }));

  it.each(['approve', 'deny'] as const)('records the answer %s and executes nothing', async (answer) => {
    const proposal = await offered();
    expect(proposal.verdict).toMatchObject({ kind: 'offer', executes: false });
    const given = as('Mina', proposal);
    const judged =
      answer === 'approve'
        ? await bench.desk.approve(proposal.id, given)
        : bench.desk.deny(proposal.id, given);
    expect(judged.progress).toMatchObject({
      state: 'judged',
      decision: { answer, person: 'Mina' },
      because: 'Recorded, nothing executed: stage is shadow',
    });
    expect(bench.kinds()).toContain('decision');
    expect(bench.kinds()).not.toContain('intent');
  });
});

describe('approvers of the envelope', () => {
  const listed = (
    name: string,
    publicKey: string | undefined,
    tiers: ('ack' | 'confirm' | 'two-person')[],
  ) => ({
    name,
    ...(publicKey === undefined ? {} : { publicKey }),
    may: [{ actions: ['roll-back-deployment'], environments: ['*'], tiers }],
  });
  const keyOf = (person: string) => Buffer.from(people.keyOf(person).publicKey).toString('base64');

  it('refuses and records the decision of somebody who is not listed', async () => {
    changeEnvelope(bench, { approvers: [listed('Bob', keyOf('Bob'), ['two-person'])] });
    const proposal = await offered();
    await expect(bench.desk.approve(proposal.id, as('Mina', proposal))).rejects.toThrow('does not list Mina');
    expect(bench.ledger.entries({ kind: 'verdict' }).at(-1)?.body).toMatchObject({
      when: 'approving',
      kind: 'deny',
      person: 'Mina',
    });
    expect(bench.kinds()).not.toContain('decision');
  });

  it('goes by the key where there is one, and not by the name', async () => {
    changeEnvelope(bench, { approvers: [listed('Mina', keyOf('Bob'), ['two-person'])] });
    const proposal = await offered();
    await expect(bench.desk.approve(proposal.id, as('Mina', proposal))).rejects.toThrow('does not list Mina');
    const first = await bench.desk.approve(proposal.id, as('Bob', proposal));
    expect(first.progress).toMatchObject({ state: 'offered', approvals: [{ person: 'Bob' }] });
  });

  it('lets them approve only at the tiers that they are listed for', async () => {
    changeEnvelope(bench, { approvers: [listed('Mina', keyOf('Mina'), ['ack', 'confirm'])] });
    const proposal = await offered();
    await expect(bench.desk.approve(proposal.id, as('Mina', proposal))).rejects.toThrow(
      'does not let Mina approve roll-back-deployment in production at tier two-person',
    );
  });

  it('lets anybody refuse', async () => {
    changeEnvelope(bench, { approvers: [listed('Bob', keyOf('Bob'), ['two-person'])] });
    const proposal = await offered();
    expect(bench.desk.deny(proposal.id, as('Mina', proposal)).progress.state).toBe('refused');
  });
});
