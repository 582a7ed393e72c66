import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import { approverChain, approverRotation } from '../../../electron/ledger/keys/approver-chain.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';

const ORIGIN = 'countersign.local/real/log-0123456789';
const [first, second, thief] = [newPrivateKey(), newPrivateKey(), newPrivateKey()].map(signerOf) as [
  ReturnType<typeof signerOf>,
  ReturnType<typeof signerOf>,
  ReturnType<typeof signerOf>,
];
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const entry = (seq: number, kind: LedgerEntry['kind'], body: object): LedgerEntry => ({
  v: 1,
  seq,
  kind,
  at: '2026-03-01T10:00:00.000Z',
  realm: 'real',
  actor: { kind: 'person', name: 'ada' },
  body: body as LedgerEntry['body'],
});
const announcing = (seq: number, key = first) =>
  entry(seq, 'approver.key', { publicKey: base64(key.publicKey) });
const deciding = (seq: number, key = first) => entry(seq, 'decision', { publicKey: base64(key.publicKey) });
const changing = (seq: number, at = seq, old = first, next = second) =>
  entry(seq, 'approver.key', approverRotation(ORIGIN, at, old, next, 'practice'));

function wrongIn(...entries: LedgerEntry[]): (string | undefined)[] {
  const chain = approverChain(() => ORIGIN);
  return entries.map((each) => chain.add(each)).filter((problem) => problem !== undefined);
}

describe('the key that approves', () => {
  it('is the one announced, and after a change the one that the one before vouched for', () => {
    expect(wrongIn(announcing(3), deciding(4), changing(5), deciding(6, second))).toEqual([]);
  });

  it('may be unannounced, as in logs from before it was', () => {
    expect(wrongIn(deciding(2), announcing(3), deciding(4))).toEqual([]);
  });

  it.each<[string, LedgerEntry[], RegExp]>([
    ['a decision with another key', [announcing(3), deciding(4, thief)], /another key/],
    ['a decision with the key before', [announcing(3), changing(4), deciding(5)], /another key/],
    ['a second key that nobody vouched for', [announcing(3), announcing(4, thief)], /did not vouch/],
    ['a change signed for another place', [announcing(3), changing(5, 4)], /did not vouch/],
    ['a change that the wrong key signed', [announcing(3), changing(4, 4, thief, second)], /did not vouch/],
    ['a key that is none', [entry(3, 'approver.key', { publicKey: 'x' })], /is none/],
  ])('is not %s', (_what, entries, says) => {
    const [problem] = wrongIn(...entries);
    expect(problem).toMatch(says);
  });
});
