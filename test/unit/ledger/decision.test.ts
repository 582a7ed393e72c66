import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { expect, it } from 'vitest';
import {
  asked,
  decisionProblem,
  decisionToSign,
  digestsOf,
  type SignedDecision,
  signedBody,
} from '../../../electron/ledger/decision.ts';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

const approver = signerOf(newPrivateKey());
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const decision: SignedDecision = {
  answer: 'approve',
  person: 'Ada',
  atMs: 1_772_359_200_000,
  reason: 'The new version is the only bad one',
  shownDigest: 'ab'.repeat(32),
  proposal: 'proposal-1',
  proposalDigest: '12'.repeat(32),
  verdictDigest: '34'.repeat(32),
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
  ['the digest of another proposal', { ...signed, proposalDigest: '21'.repeat(32) }],
  ['another verdict', { ...signed, verdictDigest: '43'.repeat(32) }],
  ['another envelope', { ...signed, envelope: 'dc'.repeat(32) }],
  ['another time', { ...signed, atMs: decision.atMs + 1 }],
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

it.each([
  ['a member that nobody knows', { ...signed, tier: 'ack' }],
  ['a version that nobody knows', { ...signed, v: 3 }],
  ['a digest that is none', { ...signed, proposalDigest: 'x' }],
  ['its reason in the open, where it could be changed with the commitment', { ...signed, reason: 'because' }],
])('refuses a decision with %s', (_what, body) => {
  expect(decisionProblem(entryOf(body))).toContain('members are not those');
});

it('refuses a decision of version 2 without a signature', () => {
  const { signature: _signature, ...unsigned } = signed;
  expect(decisionProblem(entryOf(unsigned))).toContain('cannot be read');
});

it('still verifies a decision of version 1, which signed for the id of the proposal alone', () => {
  const body = {
    answer: 'approve',
    person: 'Ada',
    atMs: decision.atMs,
    reason: '',
    shownDigest: decision.shownDigest,
    proposal: 'proposal-1',
    envelope: decision.envelope,
  };
  const signature = base64(approver.sign(Buffer.from(canonicalize(body) ?? '')));
  const old = { ...body, signature, publicKey: base64(approver.publicKey) };
  expect(decisionProblem(entryOf(old))).toBeUndefined();
  expect(decisionProblem(entryOf({ ...old, proposal: 'proposal-2' }))).toContain('did not sign');
});

it('signs exactly these bytes (test vector)', () => {
  // The key of RFC 8032 section 7.1 test 1, and a salt of 32 bytes 0x07.
  const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
  const signer = signerOf(Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'));
  const { text } = decisionToSign(decision, () => Buffer.alloc(32, 7));
  const commitment = createHash('sha256')
    .update('countersign.personal/1\n')
    .update(Buffer.alloc(32, 7))
    .update(JSON.stringify(decision.reason))
    .digest('base64');
  expect(text.toString()).toBe(
    `{"answer":"approve","atMs":1772359200000,"envelope":"${'cd'.repeat(32)}","person":"Ada","proposal":"proposal-1",` +
      `"proposalDigest":"${'12'.repeat(32)}","reason":{"$personal":"${commitment}"},"shownDigest":"${'ab'.repeat(32)}",` +
      `"v":2,"verdictDigest":"${'34'.repeat(32)}"}`,
  );
  expect(base64(signer.sign(text))).toBe(
    'cA4YcKzbRtEFYi/D5Nj24eX7/F0qj8ojXa5YdDETrb/XiSv/koMoeIPmDGQvD5gxd1YUNIeIR4BG3IvzfJN7AQ==',
  );
});

it('binds a decision to everything that was asked for, and to nothing that comes later', () => {
  const proposal = proposalOf();
  const { proposalDigest, verdictDigest } = digestsOf(proposal);
  expect(proposalDigest).toBe(
    createHash('sha256')
      .update(canonicalize(asked(proposal)) ?? '')
      .digest('hex'),
  );
  const later = proposalOf({ progress: { state: 'voided', atMs: 1, because: 'drift' } });
  expect(digestsOf(later)).toEqual({ proposalDigest, verdictDigest });
  for (const other of [
    proposalOf({ command: 'kubectl delete namespace shop' }),
    proposalOf({ arguments: { to: 5 } }),
    proposalOf({ seen: { uid: 'u2' } }),
  ]) {
    expect(digestsOf(other).proposalDigest).not.toBe(proposalDigest);
  }
  const lower = proposalOf({ verdict: { ...proposal.verdict, kind: 'offer', tier: 'ack' } });
  expect(digestsOf(lower).verdictDigest).not.toBe(verdictDigest);
});

it('reads back what was signed only in its canonical form', () => {
  expect(signedBody(text.toString())).toEqual(body);
  expect(signedBody(` ${text.toString()}`)).toBeUndefined();
  expect(signedBody('{')).toBeUndefined();
});
