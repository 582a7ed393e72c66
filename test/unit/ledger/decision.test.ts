import { expect, it } from 'vitest';
import { decisionProblem, decisionToSign, type SignedDecision } from '../../../electron/ledger/decision.ts';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';

const approver = signerOf(newPrivateKey());
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const decision: SignedDecision = {
  answer: 'approve',
  person: 'Ada',
  atMs: 1_772_359_200_000,
  reason: 'The new version is the only bad one',
  shownDigest: 'ab'.repeat(32),
  proposal: 'proposal-1',
  envelope: 'cd'.repeat(32),
};

const entryOf = (body: LedgerEntry['body'], actor = 'Ada'): LedgerEntry => ({
  v: 1,
  seq: 3,
  kind: 'decision',
  at: '2026-03-01T10:00:00.000Z',
  realm: 'real',
  actor: { kind: 'person', name: actor },
  body,
});
const { body, apart, text } = decisionToSign(decision);
const signed = {
  ...(body as LedgerEntry['body']),
  signature: base64(approver.sign(text)),
  publicKey: base64(approver.publicKey),
};

it('accepts a decision that the approver signed', () => {
  expect(decisionProblem(entryOf(signed))).toBeUndefined();
});

it.each([
  ['another answer', { ...signed, answer: 'deny' }],
  ['another text shown', { ...signed, shownDigest: 'ba'.repeat(32) }],
  ['another proposal', { ...signed, proposal: 'proposal-2' }],
  ['a member that was not signed', { ...signed, tier: 'ack' }],
  ['another key', { ...signed, publicKey: base64(signerOf(newPrivateKey()).publicKey) }],
  ['a signature that is none', { ...signed, signature: 'x' }],
])('refuses a decision with %s', (_what, body) => {
  expect(decisionProblem(entryOf(body))).toContain('did not sign');
});

it('signs for the reason without its words, so that they can be erased', () => {
  expect(JSON.stringify(signed)).not.toContain('bad one');
  expect(apart.map(({ member, value }) => [member, String(value)])).toEqual([
    ['reason', JSON.stringify(decision.reason)],
  ]);
  const other = { ...signed, reason: { $personal: base64(new Uint8Array(32)) } };
  expect(decisionProblem(entryOf(other))).toContain('did not sign');
});

it('refuses a decision that is filed under another person', () => {
  expect(decisionProblem(entryOf(signed, 'Bob'))).toContain('somebody else');
});
