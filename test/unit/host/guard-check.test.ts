import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkProposal } from '../../../electron/host/guard-check.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

const AT_MS = Date.parse('2026-03-03T03:00:00Z');
const ENVELOPE = 'resources/envelope';
const fileWith = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'check-')), 'proposal.json');
  writeFileSync(file, text);
  return file;
};
const target = { cluster: 'prod', kind: 'Deployment', namespace: 'shop', name: 'cart' };
const facts = { action: 'roll-back-deployment', target, blastRadius: 'deployment' };
const check = (value: unknown) => checkProposal(ENVELOPE, fileWith(JSON.stringify(value)), AT_MS);

it('judges facts and says what it had to assume', () => {
  const { verdict, assumed } = check({ ...facts, executionsOnTarget: 3 });
  expect(verdict).toMatchObject({ kind: 'deny', rules: [{ rule: 'rate-limit' }], atMs: AT_MS });
  expect(assumed).toContain('targetObserved: true');
  expect(assumed.join()).not.toContain('executionsOnTarget');
});

it('judges a stored proposal as the application did', () => {
  const { verdict } = check(proposalOf());
  expect(verdict).toMatchObject({ kind: 'offer', tier: 'confirm' });
});

it('names the digest that was signed, and judges a draft as one', () => {
  expect(check(facts).unsigned).toBeNull();
  const draft = mkdtempSync(join(tmpdir(), 'draft-'));
  cpSync(ENVELOPE, draft, { recursive: true });
  const yaml = readFileSync(join(draft, 'envelope.yaml'), 'utf8');
  writeFileSync(
    join(draft, 'envelope.yaml'),
    yaml.replace(/^stage:/m, "validUntil: '2026-03-03T03:00:00Z'\nstage:"),
  );
  const file = fileWith(JSON.stringify(facts));
  const before = checkProposal(draft, file, AT_MS - 1);
  expect(before.unsigned).toMatch(/envelope\.yaml/);
  expect(before.verdict.kind).toBe('offer');
  expect(before.verdict.envelope.digest).not.toBe(check(facts).verdict.envelope.digest);
  // And from the moment on that it names it has expired.
  expect(checkProposal(draft, file, AT_MS).verdict).toMatchObject({
    kind: 'deny',
    rules: [{ rule: 'envelope' }],
  });
});

it.each<[string, unknown, RegExp]>([
  ['an action that there is not', { ...facts, action: 'delete-namespace' }, /no action "delete-namespace"/],
  ['an action that is no name', { ...facts, action: '__proto__' }, /action/],
  ['a member too many', { ...facts, approved: true }, /approved/],
  ['a member too many in the target', { ...facts, target: { ...target, as: 'root' } }, /target/],
  ['a name in other letters', { ...facts, target: { ...target, name: 'cаrt' } }, /target\.name/],
  ['a stored proposal with a member too many', { ...proposalOf(), approved: true }, /approved/],
  ['no object', [facts], /expected object/],
])('refuses %s, naming the member', (_case, value, message) => expect(() => check(value)).toThrow(message));

it('refuses what is no JSON, what is not there and what is too large', () => {
  expect(() => checkProposal(ENVELOPE, fileWith('{'), AT_MS)).toThrow(/is not JSON/);
  expect(() => checkProposal(ENVELOPE, '/nowhere.json', AT_MS)).toThrow(/cannot be read/);
  expect(() => checkProposal(ENVELOPE, fileWith(' '.repeat(1_000_001)), AT_MS)).toThrow(/more than 1000000/);
});
