import { afterEach, expect, it } from 'vitest';
import { envelopeQuestions } from '../../../electron/host/envelope-view.ts';
import { envelopeBench } from '../../fixtures/envelope-bench.ts';
import { editEnvelope, envelopeFolder, signEnvelope } from '../../fixtures/envelope-folder.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it('tells what became wider from one accepted version to the next, in words and by request, with what speaks for it', async () => {
  const bench = envelopeBench(envelopeFolder());
  const { desk, ledger, mina, place, time } = bench;
  const questions = envelopeQuestions({
    envelope: desk,
    ledger,
    clock: time.clock,
    proposals: { all: () => [proposalOf()] },
  });
  closing.push(questions.close, bench.close);
  bench.admitMina();
  const first = signEnvelope(place.dir, '7', mina);
  desk.inForce();
  editEnvelope(place.dir, 'envelope.yaml', /proposalExpiresMinutes: 15/, 'proposalExpiresMinutes: 20');
  editEnvelope(place.dir, 'envelope.yaml', /(blastRadius: namespace \}\s+tier: )two-person/, '$1confirm');
  const second = signEnvelope(place.dir, '8', mina);
  desk.inForce();
  expect(questions.show()).toMatchObject({
    now: { version: '8' },
    versions: [{ version: '8' }, { version: '7' }],
  });

  const diff = await questions.diff(first.digest, second.digest);
  expect(diff.changes).toContainEqual({
    effect: 'wider',
    sentence: 'Minutes until an offer expires: 20, was 15',
  });
  expect(diff.requests.wider).toBeGreaterThan(0);
  expect(diff.requests.narrower).toBe(0);
  const told = diff.requests.examples.map(({ effect, sentence }) => `${effect}: ${sentence}`);
  expect(told).toContainEqual(expect.stringMatching(/^wider: .*: offer confirm, was offer two-person$/));
  expect(diff.evidence.length).toBeGreaterThan(0);
  expect(diff.evidence[0]?.sentence).toContain('never executed here');

  await expect(questions.diff('f'.repeat(64), second.digest)).rejects.toMatchObject({ code: 'not_found' });
}, 60_000);
