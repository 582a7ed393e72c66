import { expect, it } from 'vitest';
import { guard } from '../../../../electron/guard/guard.ts';
import type { Request } from '../../../../electron/guard/rule.ts';
import { defaultEnvelope, loadedWith, requestOf } from '../../../fixtures/request-of.ts';

const { breakers } = defaultEnvelope;
const verdictOn = (differences: Partial<Request>, surplus: 'warn' | 'refuse' = 'warn') =>
  guard(requestOf(differences), { kind: 'in-force', loaded: loadedWith({ credentials: { surplus } }) });
const rulesOf = (differences: Partial<Request>, surplus?: 'warn' | 'refuse') =>
  verdictOn(differences, surplus).rules.map(({ rule }) => rule);

const open: [string, Partial<Request>][] = [
  ['an action made it worse', { lastWasWorse: true }],
  ['executions failed in a row', { failuresInARow: breakers.failuresInARow }],
  ['there were too many executions', { executionsInWindow: breakers.executions.most }],
  ['the guard denied too often', { denialsInWindow: breakers.denials.most }],
  ['the analyst used up its budget', { analystOverBudget: 'The analyst used 200 turns' }],
];

it.each(open)('denies by the breaker when %s, and lets the way back through', (_why, differences) => {
  expect(verdictOn(differences)).toMatchObject({ kind: 'deny', rules: [{ rule: 'breaker' }] });
  expect(verdictOn({ ...differences, backsOut: true }).kind).toBe('offer');
});

it('names every open breaker in one sentence', () => {
  const [line] = verdictOn({ lastWasWorse: true, failuresInARow: 9 }).rules;
  expect(line?.sentence).toMatch(/made it worse.*; 9 executions failed in a row/);
});

it('stays closed just below every limit', () => {
  const below = {
    failuresInARow: breakers.failuresInARow - 1,
    executionsInWindow: breakers.executions.most - 1,
    denialsInWindow: breakers.denials.most - 1,
  };
  expect(verdictOn(below).kind).toBe('offer');
});

it('denies what a credential holds too much for, only where the envelope says so, and never the way back', () => {
  const surplusCredentials = 'the credential of prod could read secrets';
  expect(verdictOn({ surplusCredentials }, 'warn').kind).toBe('offer');
  expect(rulesOf({ surplusCredentials }, 'refuse')).toEqual(['credentials']);
  expect(verdictOn({ surplusCredentials, backsOut: true }, 'refuse').kind).toBe('offer');
  expect(verdictOn({ surplusCredentials: null }, 'refuse').kind).toBe('offer');
});

it('denies everything while stopped, the way back too', () => {
  const stop = { stopped: true, by: 'the file STOP', reason: 'wrong cluster', atMs: 1, how: 'file' } as const;
  expect(verdictOn({ stop, backsOut: true })).toMatchObject({
    kind: 'deny',
    rules: [{ rule: 'not-stopped', sentence: 'stopped by the file STOP: wrong cluster' }],
  });
});
