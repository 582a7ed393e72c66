import { describe, expect, it } from 'vitest';
import { ReplicaSet } from '../../../../electron/connectors/kubernetes/resources.ts';
import { rolloutsOf } from '../../../../electron/connectors/kubernetes/rollouts.ts';
import { replicaSet } from '../../../fixtures/kubernetes-objects.ts';
import { observationIn } from '../../../fixtures/sent-fact.ts';

const reusedMs = Date.parse('2026-03-01T11:00:00Z');
const rollouts = (...sets: Parameters<typeof replicaSet>[0][]) =>
  rolloutsOf(
    sets.map((set) => ReplicaSet.parse(replicaSet(set))),
    { source: 'k', reusedAt: () => reusedMs },
  );
const brief = (observations: ReturnType<typeof rollouts>) =>
  observations.map(({ key, atMs, title }) => [key, atMs, title]);

it('dates a rollout by the creation of its ReplicaSet and compares it with the revision before', () => {
  const found = rollouts(
    { revision: 6, created: '2026-02-20T08:00:00Z' },
    {
      revision: 7,
      created: '2026-03-01T10:31:00Z',
      version: 'v7',
      annotations: { 'kubernetes.io/change-cause': 'a new cache', 'countersign.dev/actor': 'ci' },
    },
  );
  expect(found.map(observationIn).every(({ kind }) => kind === 'change')).toBe(true);
  expect(found[1]).toMatchObject({
    key: 'deploy:shop/checkout@7',
    change: 'deploy',
    service: 'checkout',
    atMs: Date.parse('2026-03-01T10:31:00Z'),
    title: 'checkout v7 rolled out (revision 7)',
    detail: 'Change cause: a new cache',
    actor: 'ci',
    labels: { version: 'v7', namespace: 'shop' },
  });
  expect(found[1]?.diff?.[0]).toEqual({
    path: 'containers.app.image',
    before: 'registry.example/checkout:1.6.0',
    after: 'registry.example/checkout:1.7.0',
  });
});

describe('a roll-back, which re-uses the old ReplicaSet,', () => {
  const newer = { revision: 7, created: '2026-03-01T10:31:00Z' };

  it('is a change of its own under the new revision, beside the first rollout', () => {
    const old = {
      revision: 8,
      created: '2026-02-20T08:00:00Z',
      history: '6',
      image: 'c:1.6.0',
      hash: 'bcdfghjklm',
    };
    expect(brief(rollouts(old, newer))).toEqual([
      [
        'deploy:shop/checkout@6',
        Date.parse('2026-02-20T08:00:00Z'),
        'checkout 1.6.0 rolled out (revision 6)',
      ],
      ['deploy:shop/checkout@8', reusedMs, 'checkout rolled back to 1.6.0 (revision 8)'],
      [
        'deploy:shop/checkout@7',
        Date.parse('2026-03-01T10:31:00Z'),
        'checkout 1.7.0 rolled out (revision 7)',
      ],
    ]);
  });

  it('is known by its history even when the one in between is gone', () => {
    const old = { revision: 8, created: '2026-02-20T08:00:00Z', history: '4,6', hash: 'bcdfghjklm' };
    expect(rollouts(old).map(({ key }) => key)).toEqual(['deploy:shop/checkout@4', 'deploy:shop/checkout@8']);
  });

  it('is known by its age where nothing else tells', () => {
    const old = { revision: 8, created: '2026-02-20T08:00:00Z', image: 'c:1.6.0', hash: 'bcdfghjklm' };
    expect(brief(rollouts(old, newer)).map(([key]) => key)).toEqual([
      'deploy:shop/checkout@8',
      'deploy:shop/checkout@7',
    ]);
  });

  it('is not guessed at when nobody knows when it was', () => {
    const sets = [
      replicaSet({ ...newer }),
      replicaSet({ revision: 8, created: '2026-02-20T08:00:00Z', hash: 'bcdfghjklm' }),
    ];
    const found = rolloutsOf(
      sets.map((set) => ReplicaSet.parse(set)),
      { source: 'k', reusedAt: () => null },
    );
    expect(found.map(({ key }) => key)).toEqual(['deploy:shop/checkout@7']);
  });
});

it('calls a restart a restart', () => {
  const restarted = replicaSet({ revision: 2, created: '2026-03-01T10:31:00Z', image: 'c:1' });
  const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-03-01T10:31:00Z' };
  const sets = [
    replicaSet({ revision: 1, created: '2026-02-20T08:00:00Z', image: 'c:1' }),
    {
      ...restarted,
      spec: {
        template: {
          ...restarted.spec.template,
          metadata: { ...restarted.spec.template.metadata, annotations },
        },
      },
    },
  ];
  const found = rolloutsOf(
    sets.map((set) => ReplicaSet.parse(set)),
    { source: 'k', reusedAt: () => null },
  );
  expect(found[1]?.title).toBe('checkout restarted (revision 2)');
});

it('passes over a ReplicaSet that no Deployment owns or no controller has numbered', () => {
  const set = replicaSet({ revision: 1, created: '2026-03-01T10:31:00Z' });
  const lone = { ...set, metadata: { ...set.metadata, ownerReferences: null } };
  const unnumbered = {
    ...set,
    metadata: { ...set.metadata, annotations: { 'deployment.kubernetes.io/revision': 'NaN' } },
  };
  expect(
    rolloutsOf([ReplicaSet.parse(lone), ReplicaSet.parse(unnumbered)], { source: 'k', reusedAt: () => null }),
  ).toEqual([]);
});
