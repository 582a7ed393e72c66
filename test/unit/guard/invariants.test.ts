import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { loadFrom } from '../../../electron/guard/envelope/load-envelope.ts';
import { guard } from '../../../electron/guard/guard.ts';
import type { Request } from '../../../electron/guard/rule.ts';
import type { Verdict } from '../../../shared/vocabulary/proposal.ts';
import { defaultLoaded, loadedWith, requestOf } from '../../fixtures/request-of.ts';

vi.setConfig({ testTimeout: 60_000 });

const width = ({ kind, ...verdict }: Verdict) =>
  kind === 'deny'
    ? 0
    : kind === 'escalate'
      ? 1
      : 'tier' in verdict
        ? { 'two-person': 2, confirm: 3, ack: 4 }[verdict.tier]
        : 0;
const inForce = { kind: 'in-force', loaded: defaultLoaded } as const;

/** One of them that nothing speaks against, and now and then another. */
const mostly = <T>(good: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 9 }, { arbitrary: fc.constantFrom(...others), weight: 2 });

/** Requests of every kind, good and bad: some of them are offered. */
const anyRequest: fc.Arbitrary<Request> = fc
  .record({
    action: fc.constantFrom(
      'roll-back-deployment',
      'restart-workload',
      'evict-pod',
      'scale-workload',
      'exec',
      '',
    ),
    kind: fc.constantFrom('Deployment', 'StatefulSet', 'Pod'),
    namespace: mostly('shop', 'kube-system', 'data-1'),
    name: mostly('cart', 'cаrt', 'x'.repeat(300)),
    blastRadius: fc.constantFrom(
      'pod' as const,
      'deployment' as const,
      'namespace' as const,
      'cluster' as const,
    ),
    reversible: mostly(true, false),
    backOutCommand: mostly('undo', ' '),
    backsOut: fc.boolean(),
    serviceTier: fc.constantFrom(null, 1, 3),
    keepsData: fc.boolean(),
    backupRunning: mostly<string | null>(null, 'a job'),
    managedBy: mostly<'helm' | 'flux' | null>(null, 'helm', 'flux'),
    confidence: mostly(1, 0, 0.3, Number.NaN, -1),
    evidence: fc.constantFrom('observed' as const, 'suspicious' as const, 'outsider-text-only' as const),
    targetObserved: mostly(true, false),
    executionsOnTarget: mostly(0, 2, 3, Number.NaN),
    executionsOnService: mostly(0, 6),
    executionsInWindow: mostly(0, 12),
    denialsInWindow: mostly(0, 12),
    failuresInARow: mostly(0, 2),
    lastWasWorse: mostly(false, true),
    replicas: fc.constantFrom(undefined, 3, 21, '3', null, Number.NaN),
  })
  .map(({ kind, namespace, name, replicas, ...facts }) =>
    requestOf({
      ...facts,
      arguments: replicas === undefined ? {} : { replicas },
      target: { cluster: 'prod', kind: kind as 'Deployment', namespace, name },
      cluster: 'prod',
    }),
  );

it('offers nothing that is outside the envelope', () => {
  const offered = vi.fn();
  fc.assert(
    fc.property(anyRequest, (request) => {
      const verdict = guard(request, inForce);
      if (verdict.kind !== 'offer') return;
      offered();
      const { replicas } = request.arguments;
      expect(request).toMatchObject({ reversible: true, targetObserved: true, backOutCommand: 'undo' });
      expect(request.target.name).toBe('cart');
      expect(request.target.namespace).not.toBe('kube-system');
      expect(request.managedBy).not.toBe('flux');
      expect(request.keepsData && request.backupRunning !== null).toBe(false);
      expect(request.confidence).toBeGreaterThanOrEqual(0);
      if (request.action === 'scale-workload') expect([undefined, null, 3]).toContain(replicas);
      if (request.evidence !== 'observed') expect(verdict.tier).not.toBe('ack');
      if (request.backsOut) return;
      expect(request).toMatchObject({ lastWasWorse: false, executionsOnService: 0, executionsInWindow: 0 });
      expect(request.executionsOnTarget).toBeLessThan(3);
      expect(request.blastRadius).not.toBe('cluster');
    }),
    { numRuns: 3_000 },
  );
  expect(offered).toHaveBeenCalled();
});

it('offers nothing on a name that is longer than any real one', () => {
  const named = (letters: number) =>
    guard(
      requestOf({
        target: { cluster: 'prod', kind: 'Deployment', namespace: 'shop', name: 'x'.repeat(letters) },
      }),
      inForce,
    );
  expect(named(253).kind).toBe('offer');
  expect(named(254)).toMatchObject({ kind: 'deny', rules: [{ rule: 'facts-hold' }] });
});

it('offers no more after any forbid is added', () => {
  const conditions = fc.constantFrom(
    'resource.kind == "Pod"',
    'context.confidencePercent < 50',
    'resource.keepsData',
    'context.executionsOnTarget * 9223372036854775807 > 1',
    'resource.namespace like "data-*"',
  );
  const narrower = new Map<string, ReturnType<typeof loadFrom>>();
  const withForbid = (condition: string) => {
    const files = new Map(Object.entries(defaultLoaded.files));
    files.set(
      'policies/99.cedar',
      `@id("added") forbid (principal, action, resource) when { ${condition} };`,
    );
    const loaded = narrower.get(condition) ?? loadFrom(files, 'narrower', 'e'.repeat(64));
    narrower.set(condition, loaded);
    return loaded;
  };
  fc.assert(
    fc.property(conditions, anyRequest, (condition, request) => {
      const after = guard(request, { kind: 'in-force', loaded: withForbid(condition) });
      expect(width(after)).toBeLessThanOrEqual(width(guard(request, inForce)));
    }),
    { numRuns: 500 },
  );
});

it('denies everything while no envelope is in force, and says why', () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const verdict = guard(request, { kind: 'none', because: 'its signature does not hold' });
      expect(verdict).toMatchObject({
        kind: 'deny',
        rules: [{ rule: 'envelope', sentence: 'no envelope is in force: its signature does not hold' }],
      });
    }),
    { numRuns: 50 },
  );
});

it('denies when the windows cannot be worked out', () => {
  const windows = {
    at: () => {
      throw new Error('no such time');
    },
  };
  const verdict = guard(requestOf(), { kind: 'in-force', loaded: { ...defaultLoaded, windows } });
  expect(verdict).toMatchObject({
    kind: 'deny',
    rules: [{ sentence: expect.stringContaining('no such time') }],
  });
});

it.each<[string, Partial<Request>]>([
  ['an action called __proto__', { action: '__proto__' }],
  ['bounds of a name that every object has', { action: 'constructor', arguments: { replicas: 3 } }],
  ['a moment that is none', { atMs: Number.NaN }],
  [
    'a namespace in other letters',
    { target: { cluster: 'prod', kind: 'Deployment', namespace: 'shоp', name: 'cart' } },
  ],
  ['a cluster with a line break', { cluster: 'prod\nother' }],
  ['a name with an invisible letter', { service: 'cart\u200b' }],
  [
    'a move to a number beyond the bounds',
    { action: 'scale-workload', arguments: { replicas: 3 }, moves: { of: 'replicas', from: 1, to: 500 } },
  ],
  [
    'a move to what is no number',
    { action: 'scale-workload', moves: { of: 'replicas', from: 1, to: Number.NaN } },
  ],
])('denies %s', (_case, differences) => expect(guard(requestOf(differences), inForce).kind).toBe('deny'));

it('recognises an environment by all that it names, the first that fits', () => {
  const environments = [
    { name: 'staging', namespaces: ['shop'], clusters: ['stage-*'], namespaceLabels: { team: 'a' } },
    { name: 'production', namespaces: ['sh*p'] },
  ];
  const tiers = [{ when: { environment: 'staging' }, tier: 'ack' as const }];
  const kindIn = (differences: Partial<Request>) =>
    guard(requestOf(differences), { kind: 'in-force', loaded: loadedWith({ environments, tiers }) });
  // Only production is permitted by the policies, and only staging has a tier here.
  expect(kindIn({ cluster: 'stage-1', namespaceLabels: { team: 'a' } }).rules[0]?.rule).toBe('not-permitted');
  expect(kindIn({ cluster: 'stage-1', namespaceLabels: { team: 'b' } }).rules[0]?.rule).toBe('tier');
  expect(kindIn({ cluster: 'prod', namespaceLabels: { team: 'a' } }).rules[0]?.rule).toBe('tier');
  expect(
    kindIn({ target: { cluster: 'c', kind: 'Deployment', namespace: 'other', name: 'cart' } }).rules[0]?.rule,
  ).toBe('in-environment');
});

it('ranks a service by the more important of label and envelope', () => {
  const serviceTiers = {
    default: 2,
    names: [
      { name: 'check*', tier: 1 },
      { name: 'batch-*', tier: 5 },
    ],
  };
  const tiers = [
    { when: { serviceTierAtMost: 1 }, tier: 'two-person' as const },
    { when: { serviceTierAtMost: 2 }, tier: 'confirm' as const },
    { when: {}, tier: 'ack' as const },
  ];
  const tierOf = (differences: Partial<Request>) =>
    guard(requestOf(differences), { kind: 'in-force', loaded: loadedWith({ serviceTiers, tiers }) });
  expect(tierOf({ service: 'checkout', serviceTier: 4 })).toMatchObject({ tier: 'two-person' });
  expect(tierOf({ service: 'cart', serviceTier: null })).toMatchObject({ tier: 'confirm' });
  expect(tierOf({ service: 'batch-1', serviceTier: 1 })).toMatchObject({ tier: 'two-person' });
  expect(tierOf({ service: 'batch-1', serviceTier: null })).toMatchObject({ tier: 'ack' });
});
