import fc from 'fast-check';
import { expect, it } from 'vitest';
import { guard } from '../../../electron/guard/guard.ts';
import type { Request } from '../../../electron/guard/rule.ts';
import type { Envelope } from '../../../shared/formats/envelope.ts';
import { defaultEnvelope, loadedWith, requestOf } from '../../fixtures/request-of.ts';

const verdictOn = (differences: Partial<Request> = {}, envelope: Partial<Envelope> = {}) =>
  guard(requestOf(differences), { kind: 'in-force', loaded: loadedWith(envelope) });
const on = { cluster: 'drill-cluster', namespace: 'production' };
const ingress = { ...on, kind: 'Ingress', name: 'shop' } as const;
const flag = { ...on, kind: 'Flag', project: 'default', name: 'new-cart' } as const;
const stopped = { stopped: true, by: 'Mina', reason: 'smoke', atMs: 1 } as const;

it('offers a rollback of one deployment at tier confirm', () => {
  expect(verdictOn()).toMatchObject({ kind: 'offer', tier: 'confirm' });
});

it('offers a back-out at tier ack', () => {
  expect(verdictOn({ backsOut: true })).toMatchObject({ kind: 'offer', tier: 'ack' });
});

it.each<[string, Partial<Request>, string]>([
  ['while a stop is in force', { stop: stopped }, 'not-stopped'],
  ['a back-out too while a stop is in force', { stop: stopped, backsOut: true }, 'not-stopped'],
  ['an action the envelope does not name', { action: 'delete-namespace' }, 'cedar'],
  ['a target nobody reported', { targetObserved: false }, 'policy:target-not-observed'],
  ['the fourth execution on a target within the hour', { executionsOnTarget: 3 }, 'rate-limit'],
  ['anything but the way back after it got worse', { lastWasWorse: true }, 'breaker'],
  ['a further try after two failures', { failuresInARow: 2 }, 'breaker'],
  [
    'more replicas than the bounds',
    { action: 'scale-workload', arguments: { replicas: 21 } },
    'within-bounds',
  ],
  [
    'replicas that are no number',
    { action: 'scale-workload', arguments: { replicas: '3' } },
    'within-bounds',
  ],
  ['replicas for an action without bounds', { arguments: { replicas: 3 } }, 'within-bounds'],
  [
    'a weight beyond the bounds',
    { action: 'shift-traffic', arguments: { weight: 256 }, moves: { of: 'weight', from: 250, to: 256 } },
    'within-bounds',
  ],
  [
    'a longer step than one approval may take',
    { action: 'shift-traffic', arguments: { weight: 0 }, moves: { of: 'weight', from: 161, to: 0 } },
    'within-bounds',
  ],
  ['a step from what nobody read', { action: 'shift-traffic', arguments: { weight: 0 } }, 'within-bounds'],
  ['a percentage beyond the bounds', { action: 'set-flag', arguments: { percent: 101 } }, 'within-bounds'],
  ['a percentage for an action without bounds', { arguments: { percent: 10 } }, 'within-bounds'],
])('denies %s', (_case, differences, rule) => {
  const verdict = verdictOn(differences);
  expect(verdict.kind).toBe('deny');
  expect(verdict.rules.map((one) => one.rule)).toContain(rule);
});

it.each<[string, Partial<Request>]>([
  [
    'a weight within bounds and step',
    {
      action: 'shift-traffic',
      target: ingress,
      arguments: { weight: 0 },
      moves: { of: 'weight', from: 160, to: 0 },
    },
  ],
  [
    'the way back of a step of any length',
    {
      action: 'shift-traffic',
      target: ingress,
      arguments: { weight: 0 },
      moves: { of: 'weight', from: 255, to: 0 },
      backsOut: true,
    },
  ],
  [
    'a flag that is only turned',
    { action: 'set-flag', target: flag, arguments: { enabled: false, percent: null } },
  ],
  ['a share within bounds', { action: 'set-flag', target: flag, arguments: { enabled: true, percent: 0 } }],
])('offers %s', (_case, differences) => expect(verdictOn(differences).kind).toBe('offer'));

it.each<[string, Partial<Request>]>([
  ['what has no back-out', { backOutCommand: ' ' }],
  ['what cannot be undone', { reversible: false }],
  ['what a GitOps controller owns', { managedBy: 'argo-cd' }],
  ['what would touch the whole cluster', { blastRadius: 'cluster' }],
])('escalates %s', (_case, differences) => expect(verdictOn(differences).kind).toBe('escalate'));

it('offers in the stage shadow for judgement alone', () => {
  expect(verdictOn({}, { stage: 'shadow' })).toMatchObject({ kind: 'offer', executes: false });
  expect(verdictOn({}, { stage: 'supervised' })).not.toHaveProperty('executes');
});

it.each([
  ['at its first millisecond', '2026-12-23T00:00:00Z', 'deny'],
  ['in its last', '2027-01-01T23:59:59.999Z', 'deny'],
  ['not at its end', '2027-01-02T00:00:00Z', 'offer'],
  ['not before it', '2026-12-22T23:59:59.999Z', 'offer'],
])('a freeze denies %s', (_case, at, kind) => {
  const freeze = {
    name: 'year-end',
    kind: 'freeze',
    timeZone: 'UTC',
    starts: '2026-12-23T00:00:00',
    lasts: 'P10D',
  } as const;
  expect(verdictOn({ atMs: Date.parse(at) }, { windows: [freeze] }).kind).toBe(kind);
});

it('denies a namespace that belongs to no environment', () => {
  const environments = [{ name: 'production', namespaces: ['shop-*'] }];
  expect(verdictOn({}, { environments }).kind).toBe('deny');
});

it('denies what fits no tier line', () => {
  expect(verdictOn({}, { tiers: [] }).kind).toBe('deny');
});

it('denies when a rule throws', () => {
  const limits = new Proxy(defaultEnvelope.limits, {
    get: () => {
      throw new Error('broken');
    },
  });
  expect(verdictOn({}, { limits })).toMatchObject({
    kind: 'deny',
    rules: expect.arrayContaining([{ rule: 'rate-limit', sentence: 'the rule itself failed: broken' }]),
  });
});

it('never offers while anything is wrong, whatever else is right', () => {
  const wrong = fc.constantFrom<Partial<Request>>(
    { stop: stopped },
    { action: 'exec' },
    { targetObserved: false },
    { reversible: false },
    { backOutCommand: '' },
    { lastWasWorse: true, backsOut: false },
  );
  const any = fc.record<Partial<Request>>({
    blastRadius: fc.constantFrom('pod', 'deployment', 'namespace'),
    serviceTier: fc.constantFrom(null, 1, 2, 3),
    executionsOnTarget: fc.nat(5),
  });
  fc.assert(fc.property(any, wrong, (base, fault) => verdictOn({ ...base, ...fault }).kind !== 'offer'));
});
