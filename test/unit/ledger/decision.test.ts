import { expect, it } from 'vitest';
import { decisionProblem, decisionText, type SignedDecision } from '../../../electron/ledger/decision.ts';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';

const approver = signerOf(newPrivateKey());
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const decision: SignedDecision = {
  answer: 'approve',
  person: 'Ada',
  atMs: 1_772_359_200_000,
  reason: '',
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
const signed = {
  ...decision,
  signature: base64(approver.sign(decisionText(decision))),
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

it('refuses a decision that is filed under another person', () => {
  expect(decisionProblem(entryOf(signed, 'Bob'))).toContain('somebody else');
});
