import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import {
  approverAnnouncement,
  approverChain,
  approverRotation,
} from '../../../electron/ledger/keys/approver-chain.ts';
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

const [ada, bob, eve] = [first, second, thief];
type Key = typeof first;
const naming = (seq: number, person: string, signer: Key, voucher?: Key, at = seq) =>
  entry(seq, 'approver.key', approverAnnouncement(ORIGIN, at, { person, signer, voucher }));
const answering = (seq: number, person: string, key: Key) =>
  entry(seq, 'decision', { v: 2, person, publicKey: base64(key.publicKey) });

describe('the persons who approve', () => {
  it('are the one the log begins with, and each that one before vouched for', () => {
    const entries = [
      naming(1, 'Ada', ada),
      answering(2, 'Ada', ada),
      naming(3, 'Bob', bob, ada),
      answering(4, 'Bob', bob),
      answering(5, 'Ada', ada),
    ];
    expect(wrongIn(...entries)).toEqual([]);
  });

  it('may be named for a key that was announced before there were names', () => {
    expect(wrongIn(announcing(1), deciding(2), naming(3, 'Ada', ada), answering(4, 'Ada', ada))).toEqual([]);
  });

  it('keep their name with another key, and the one before counts no more', () => {
    const entries = [naming(1, 'Ada', ada), naming(2, 'Ada', bob, ada), answering(3, 'Ada', bob)];
    expect(wrongIn(...entries)).toEqual([]);
    expect(wrongIn(...entries, answering(4, 'Ada', ada))[0]).toMatch(/another key/);
    expect(wrongIn(...entries, naming(4, 'Ada', ada, bob))[0]).toMatch(/given up/);
  });

  const both = [naming(1, 'Ada', ada), naming(2, 'Bob', bob, ada)];
  it.each<[string, LedgerEntry[], RegExp]>([
    ['somebody whom nobody announced', [answering(1, 'Ada', ada)], /another key/],
    ['a key under the name of another', [...both, answering(3, 'Bob', ada)], /another name/],
    ['a name that looks alike', [...both, answering(3, 'Bоb', bob)], /another name/],
    ['a stranger whom nobody vouched for', [...both, naming(3, 'Eve', eve)], /vouched/],
    ['a stranger who vouches for themselves', [...both, naming(3, 'Eve', eve, eve)], /vouched/],
    ['a second key under the name of another', [...both, naming(3, 'Bob', eve, ada)], /name of another/],
    ['a person who takes the name of another', [...both, naming(3, 'Ada', bob)], /name of another/],
    ['an announcement signed for another place', [naming(1, 'Ada', ada, undefined, 2)], /did not sign/],
    [
      'a decision of version 1 once persons are named',
      [naming(1, 'Ada', ada), deciding(2, ada)],
      /another name/,
    ],
    [
      'a decision without a key once persons are named',
      [naming(1, 'Ada', ada), entry(2, 'decision', {})],
      /another key/,
    ],
    [
      'a key without its person once persons are named',
      [naming(1, 'Ada', ada), changing(2)],
      /without the person/,
    ],
    ['a name with a line break', [naming(1, 'Ada\nBob', ada)], /is none/],
  ])('are not %s', (_what, entries, says) => {
    expect(wrongIn(...entries)[0]).toMatch(says);
  });
});
