import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportBundle } from '../../../../electron/ledger/bundle/export-bundle.ts';
import { verifyBundle } from '../../../../electron/ledger/bundle/verify-bundle.ts';
import { decisionToSign } from '../../../../electron/ledger/decision.ts';
import type { Ledger, NewEntry } from '../../../../electron/ledger/log.ts';
import { databaseReader } from '../../../../electron/ledger/log-reader.ts';
import { newPrivateKey, type Signer, signerOf } from '../../../../electron/platform/ed25519.ts';
import { openLog, temporaryDirectory } from '../data-dir.ts';

/** A verifier in another language, written from docs/ledger-format.md: what it and ours disagree about is a defect. */
const verifier = fileURLToPath(new URL('verify_bundle.py', import.meta.url));
const ours = (bundle: string): boolean => verifyBundle(bundle).ok;
function theirs(bundle: string): boolean {
  const { status, stdout, stderr } = spawnSync('python3', [verifier, bundle], { encoding: 'utf8' });
  if (status === 0) return true;
  expect(`${stdout}${stderr}`).toMatch(/^does not hold: /);
  return false;
}

const [ada, bob, eve] = [newPrivateKey(), newPrivateKey(), newPrivateKey()].map(signerOf) as [
  Signer,
  Signer,
  Signer,
];

function announce(ledger: Ledger, person: string, signer: Signer, voucher?: Signer): void {
  ledger.announceApprover({ person, signer, voucher }, { kind: 'person', name: person });
}

/** A decision as the host records it, whoever signs. */
function decide(ledger: Ledger, person: string, signer: Signer, more: Record<string, unknown> = {}): void {
  const { body, apart, text } = decisionToSign({
    answer: 'approve',
    person,
    atMs: 1_772_359_200_000,
    reason: 'schön',
    proposal: 'prop-1',
    proposalDigest: '12'.repeat(32),
    shownDigest: '34'.repeat(32),
    verdictDigest: '56'.repeat(32),
    envelope: '78'.repeat(32),
  });
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const by = { signature: base64(signer.sign(text)), publicKey: base64(signer.publicKey) };
  const signed = { ...body, ...by, ...more } as NewEntry['body'];
  const actor = { kind: 'person' as const, name: person };
  ledger.record({ kind: 'decision', actor, incident: 'incident-a', body: signed, apart });
}

let folder: string;
let bundles: string[];
beforeAll(() => {
  folder = temporaryDirectory();
  const first = signerOf(newPrivateKey());
  const next = signerOf(newPrivateKey());
  const signers = [first, next];
  const log = openLog(folder, 'real', (announced?: Uint8Array) =>
    announced === undefined
      ? first
      : signers.find(({ publicKey }) => Buffer.compare(publicKey, announced) === 0),
  );
  const page = fileURLToPath(new URL('../../../../resources/bundle/verify.html', import.meta.url));
  const bundle = (name: string, options = {}) => {
    exportBundle(databaseReader(log.db), join(folder, name), { verifyPage: page, ...options });
    return join(folder, name);
  };
  log.add('note', { key: 'n-1', text: 'schön \ud83d\ude80 "quoted"' }, 'incident-a');
  for (const value of [1e-7, 0.000001, 1e21, 123456789012345680000, -0.5, 1.5e300, 100]) {
    log.add('signal', { value }, 'incident-b');
  }
  log.add('outcome', { outcome: 'improved' }, 'incident-a');
  const early = bundle('early');
  log.ledger.rotateKey({ log: next }, { kind: 'person', name: 'ada' }, 'practice');
  log.add('note', { key: 'n-2', text: 'after the change' }, 'incident-a');
  log.add('result', { kind: 'apply' }, 'incident-a');
  const since = readFileSync(join(early, 'checkpoint'), 'utf8');
  bundles = [
    early,
    bundle('all', { since }),
    bundle('part', { incident: 'incident-a' }),
    bundle('without', { withoutPersonal: true }),
  ];
  log.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

it('accepts every bundle that ours accepts: whole, in part, after a change of keys, with words withheld', () => {
  for (const bundle of bundles) expect([bundle, ours(bundle), theirs(bundle)]).toEqual([bundle, true, true]);
});

it('refuses a bundle with a byte that differs, in any of its files, as ours does', () => {
  for (const bundle of bundles.slice(1, 3)) {
    for (const name of readdirSync(bundle)) {
      const path = join(bundle, name);
      const whole = readFileSync(path);
      for (const part of [0, 0.5, 0.99]) {
        const damaged = Buffer.from(whole);
        const at = Math.floor(damaged.length * part);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        writeFileSync(path, damaged);
        expect([name, at, ours(bundle), theirs(bundle)]).toEqual([name, at, false, false]);
      }
      writeFileSync(path, whole);
    }
  }
});

/** A log of its own on which two persons are announced, and what somebody who holds its key writes into it. */
function logWith(forge: (ledger: Ledger) => void) {
  const own = temporaryDirectory();
  const log = openLog(own, 'real', () => ada);
  announce(log.ledger, 'Ada', ada);
  announce(log.ledger, 'Bob', bob, ada);
  forge(log.ledger);
  const page = fileURLToPath(new URL('../../../../resources/bundle/verify.html', import.meta.url));
  return {
    export: (name: string, options = {}) =>
      exportBundle(databaseReader(log.db), join(own, name), { verifyPage: page, ...options }),
    at: (name: string) => join(own, name),
    close() {
      log.close();
      rmSync(own, { recursive: true });
    },
  };
}

it('accepts a log in which two persons decide, each announced with a key of their own', () => {
  const log = logWith((ledger) => {
    decide(ledger, 'Ada', ada);
    decide(ledger, 'Bob', bob);
  });
  log.export('all');
  log.export('part', { incident: 'incident-a' });
  for (const name of ['all', 'part'])
    expect([name, ours(log.at(name)), theirs(log.at(name))]).toEqual([name, true, true]);
  log.close();
});

it.each<[string, (ledger: Ledger) => void]>([
  ['says more than was signed', (ledger) => decide(ledger, 'Ada', ada, { tier: 'ack' })],
  [
    'was signed for another proposal',
    (ledger) => decide(ledger, 'Ada', ada, { proposalDigest: '99'.repeat(32) }),
  ],
])('refuses, as ours does, a log with a decision that %s', (_what, forge) => {
  const log = logWith(forge);
  log.export('all');
  log.export('part', { incident: 'incident-a' });
  for (const name of ['all', 'part'])
    expect([name, ours(log.at(name)), theirs(log.at(name))]).toEqual([name, false, false]);
  log.close();
});

it.each<[string, (ledger: Ledger) => void]>([
  ['nobody announced', (ledger) => decide(ledger, 'Eve', eve)],
  ['has the key of another', (ledger) => decide(ledger, 'Ada', bob)],
  ['goes by a name that looks like another', (ledger) => decide(ledger, 'Аda', ada)],
])('is handed no bundle of a log in which somebody decides who %s', (_who, forge) => {
  const log = logWith(forge);
  expect(() => log.export('all')).toThrow('was decided');
  log.close();
});
