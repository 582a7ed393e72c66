import { expect, it } from 'vitest';
import { askQuestion } from '../../../electron/host/ask-question.ts';
import { createHost } from '../../../electron/host/create-host.ts';
import { buildParts } from '../../../electron/host/host-parts.ts';
import { runDrill } from '../../../electron/host/run-drill.ts';
import { verifyPath } from '../../../electron/host/verify-path.ts';
import { whySuggested } from '../../../electron/host/why-suggested.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const adapters = (dataDir: string) => ({
  dataDir,
  resourcesDir: 'resources',
  version: 'test',
  logger: silentLogger,
});
const openParts = (dataDir: string) => buildParts({ ...adapters(dataDir), shell: 'cli' });

it('remembers drills with their answers, and knows the same trouble when it comes again', async () => {
  const dataDir = newDataDir();
  const play = () => runDrill(adapters(dataDir), { scenario: 'bad-deploy', seed: 7, approve: 'none' });
  const first = await play();
  const second = await play();
  const parts = await openParts(dataDir);
  try {
    const { memory, ledger } = parts.drill;
    const [, again] = parts.drill.incidents
      .all()
      .map(({ id }) => memory.about(id))
      .reverse();
    expect(again).toMatchObject({ remembered: 1, novelty: { remembered: 1, coverage: 1, isNovel: false } });
    expect(again?.similar).toMatchObject([{ incident: first.incident }]);
    expect(again?.similar[0]?.similarity).toBeGreaterThan(0.95);
    expect(again?.similar[0]?.confirmed).toMatchObject({
      cause: { as: 'change', changes: first.truth.changes },
      person: 'the answer of the drill',
    });
    expect(memory.calibration().incidents).toBe(2);
    expect(memory.ceilingFactor()).toBe(1);
    expect(ledger.entries({ incident: second.incident, kind: 'cause.confirmed' })).toMatchObject([
      { actor: { kind: 'host', name: 'the answer of the drill' }, body: { as: 'change' } },
    ]);
    expect(parts.real.memory.search('deploy')).toEqual([]);

    const { analyst } = parts.drill;
    const asker = { person: 'Mina', utcOffsetMinutes: 0 };
    const ask = async (text: string) => {
      askQuestion(parts.drill, IncidentId.parse(second.incident), { ...asker, text });
      await analyst.settled();
      const { step } =
        analyst.runOf(second.incident).steps.findLast((one) => one.step.kind === 'answered') ?? {};
      if (step?.kind !== 'answered') throw new Error('It was not answered');
      expect(step.dropped).toBe(0);
      return step.answer;
    };
    const changed = await ask('what changed in the last 2 hours?');
    expect(changed.flatMap(({ events }) => events)).toEqual(expect.arrayContaining(second.truth.changes));
    const past = await ask('have we seen this before?');
    expect(past.map(({ sentence }) => sentence).join(' ')).toMatch(
      /Nearest of 1 remembered: “.*Its cause was: /,
    );
    expect(ledger.entries({ incident: second.incident, kind: 'question' })).toHaveLength(2);

    const [proposal] = second.proposals;
    if (!proposal) throw new Error('A bad deploy is proposed to be rolled back');
    const why = whySuggested(parts.drill, proposal.id);
    expect(why).toMatchObject({ proposedBy: 'Analyst', rationale: proposal.rationale });
    const rests = why.hypothesis?.for ?? [];
    expect(rests.flatMap(({ reads }) => reads).length).toBeGreaterThan(0);
    for (const { entry, id } of rests.flatMap(({ reads }) => reads)) {
      const [read] = ledger.entries({ before: (entry ?? 0) + 1, newestFirst: true, limit: 1 });
      expect(read).toMatchObject({ kind: 'read', body: { read: id } });
    }
    expect(why.chain.map(({ seq }) => seq)).toContain(why.hypothesis?.entry);
    expect(verifyPath(dataDir).ok).toBe(true);
  } finally {
    await parts.close();
  }
});

it('asks what it was when an incident is closed, keeps the answer and lets it be corrected', async () => {
  const dataDir = newDataDir();
  const host = await createHost({ ...adapters(dataDir), shell: 'web' });
  const call = callerOf(host);
  try {
    const { id } = await call('incidents.open', { title: 'Certificates expire', severity: 'sev2' });
    const review = {
      cause: { as: 'outside' as const, what: 'An expired certificate of the gateway' },
      helped: 'Renewing it',
      didNotHelp: '',
    };
    await expect(call('memory.confirm', { incident: id, review })).rejects.toMatchObject({
      code: 'conflict',
    });
    const madeUp = { ...review, cause: { as: 'change' as const, changes: ['made up'] } };
    await expect(
      call('incidents.close', { incident: id, reason: 'over', review: madeUp }),
    ).rejects.toMatchObject({ code: 'bad_input' });
    expect((await call('incidents.room', { incident: id })).incident.status).toBe('open');

    await call('incidents.close', { incident: id, reason: 'over', review });
    expect(await call('memory.search', { realm: 'real', text: 'expired gateway' })).toMatchObject([
      {
        incident: id,
        confirmed: { inWords: 'An expired certificate of the gateway', helped: 'Renewing it' },
      },
    ]);
    await call('memory.confirm', { incident: id, review: { ...review, cause: { as: 'unknown' } } });
    const { memory } = await call('incidents.room', { incident: id });
    expect(memory?.record?.confirmed?.cause).toEqual({ as: 'unknown' });
    const entries = await call('ledger.entries', { realm: 'real', kind: 'cause.confirmed', limit: 5 });
    expect(entries.map(({ says }) => says)).toEqual([
      'confirmed the cause: The cause was not found',
      'confirmed the cause: An expired certificate of the gateway',
    ]);

    const next = await call('incidents.open', { title: 'Certificates expire again', severity: 'sev2' });
    const room = await call('incidents.room', { incident: next.id });
    expect(room.memory?.remembered).toBe(1);
  } finally {
    await host.close();
  }
});
