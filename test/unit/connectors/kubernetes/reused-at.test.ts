import { expect, it } from 'vitest';
import { CoreEvent, Deployment, ReplicaSet } from '../../../../electron/connectors/kubernetes/resources.ts';
import { reusedBy } from '../../../../electron/connectors/kubernetes/reused-at.ts';
import { coreEvent, deployment, replicaSet } from '../../../fixtures/kubernetes-objects.ts';

const set = ReplicaSet.parse(
  replicaSet({ revision: 8, created: '2026-02-20T08:00:00Z', hash: 'bcdfghjklm' }),
);
const owner = { namespace: 'shop', name: 'checkout' };
const scaled = (message: string, at: string) =>
  CoreEvent.parse(
    coreEvent({ reason: 'ScalingReplicaSet', message: `Scaled up replica set ${message}`, at }),
  );
const complete = (revision: number, lastUpdateTime: string) =>
  Deployment.parse({
    ...deployment({ revision }),
    status: {
      conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', lastUpdateTime }],
    },
  });

it.each([
  [
    'the first Event of its scaling up',
    [
      scaled('checkout-bcdfghjklm from 0 to 1', '2026-03-01T10:30:00Z'),
      scaled('checkout-bcdfghjklm from 1 to 3', '2026-03-01T10:31:00Z'),
    ],
    [complete(8, '2026-03-01T10:33:00Z')],
    '2026-03-01T10:30:00Z',
  ],
  [
    'that Event as older servers word it',
    [scaled('checkout-bcdfghjklm to 1', '2026-03-01T10:30:00Z')],
    [],
    '2026-03-01T10:30:00Z',
  ],
  [
    'the end of the last rollout when the Events are gone',
    [],
    [complete(8, '2026-02-27T09:00:00Z')],
    '2026-02-27T09:00:00Z',
  ],
  [
    'the end of the last rollout when it was scaled up only later',
    [scaled('checkout-bcdfghjklm to 5', '2026-03-01T10:30:00Z')],
    [complete(8, '2026-02-27T09:00:00Z')],
    '2026-02-27T09:00:00Z',
  ],
  [
    'nothing, when another revision has been rolled out since',
    [],
    [complete(9, '2026-03-01T10:33:00Z')],
    null,
  ],
  [
    'nothing of another ReplicaSet',
    [scaled('other-bcdfghjklm from 0 to 1', '2026-03-01T10:30:00Z')],
    [],
    null,
  ],
])('a ReplicaSet that came back is dated by %s', (_case, events, deployments, at) =>
  expect(reusedBy(events, deployments)(set, owner)).toBe(at === null ? null : Date.parse(at)),
);
