import type { PolicyRule } from '../../../electron/sandbox/cluster/accounts.ts';
import { clusterControllers } from '../../../electron/sandbox/cluster/controllers.ts';
import { createCluster } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { type ObjectStore, objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import type { Identity } from '../../../electron/sandbox/http/loopback.ts';
import { kubernetesApi } from '../../../electron/sandbox/kubernetes/api.ts';
import { tokenBook } from '../../../electron/sandbox/kubernetes/tokens.ts';
import { watches } from '../../../electron/sandbox/kubernetes/watch.ts';
import { aDatabase, aService, aTopology } from '../../fixtures/sandbox-world.ts';

export const startMs = Date.parse('2026-03-01T12:00:00Z');

export type Reply = { status: number; body: Record<string, unknown> };

/** Somebody of no group, with rules of their own in the whole cluster or in one namespace. */
export type Subject = { user: string; rules: PolicyRule[]; namespace?: string };

/** The Kubernetes API over a cluster of one service of four pods, without a network between. */
export function server(options: { subject?: Subject; logLength?: number } = {}) {
  const store = objectStore(1, options.logLength);
  const service = aService('web', { autoscaled: true });
  const controller = clusterControllers({ store, seed: 1, hasImage: () => true });
  createCluster({
    store,
    controller,
    topology: aTopology([service, aDatabase()], { nodes: 3 }),
    releases: new Map([['web', { version: '1.1.0', previousVersion: '1.0.0', revision: 12 }]]),
    seed: 1,
    startMs,
  });
  if (options.subject) bind(store, options.subject);
  let nowMs = startMs;
  const tokens = tokenBook(() => nowMs);
  const watching = watches(store);
  const handle = kubernetesApi({
    store,
    watches: watching,
    advance: () => nowMs,
    settle: (atMs) => controller.step(atMs),
    tokens,
    ...(options.subject ? { identity: { user: options.subject.user, groups: [] } } : {}),
  });

  function send(
    method: string,
    path: string,
    more: { body?: unknown; bytes?: Buffer; type?: string; accept?: string; as?: Identity } = {},
  ) {
    const url = new URL(`http://sandbox${path}`);
    return handle({
      method,
      path: url.pathname,
      query: url.searchParams,
      contentType: more.type ?? 'application/json',
      accept: more.accept ?? 'application/json',
      body: more.body === undefined ? '' : JSON.stringify(more.body),
      ...(more.bytes ? { bytes: more.bytes } : {}),
      ...(more.as ? { identity: more.as } : {}),
    });
  }

  return {
    store,
    tokens,
    handle,
    controller,
    now: () => nowMs,
    request(...args: Parameters<typeof send>): Reply {
      const answer = send(...args);
      if ('start' in answer) throw new Error('the answer goes on');
      return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
    },
    /** What a watch has told so far; the list goes on growing. */
    watch(path: string, accept?: string): { type: string; object: Record<string, unknown> }[] {
      const answer = send('GET', path, accept === undefined ? {} : { accept });
      if (!('start' in answer)) throw new Error(answer.body);
      const told: { type: string; object: Record<string, unknown> }[] = [];
      answer.start(
        (text) =>
          told.push(
            ...text
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line)),
          ),
        () => {},
      );
      return told;
    },
    bookmark: () => watching.bookmark(),
    run(seconds: number) {
      for (const endMs = nowMs + seconds * 1_000; nowMs < endMs; ) {
        nowMs += 5_000;
        controller.step(nowMs);
      }
    },
  };
}

function bind(store: ObjectStore, { user, rules, namespace }: Subject): void {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  const name = 'of-the-test';
  store.put<'ClusterRole'>({ apiVersion, kind: 'ClusterRole', metadata: { name }, rules }, startMs);
  const roleRef = { apiGroup, kind: 'ClusterRole', name } as const;
  const subjects = [{ kind: 'User', apiGroup, name: user } as const];
  if (namespace === undefined)
    store.put<'ClusterRoleBinding'>(
      { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, subjects, roleRef },
      startMs,
    );
  else
    store.put<'RoleBinding'>(
      { apiVersion, kind: 'RoleBinding', metadata: { name, namespace }, subjects, roleRef },
      startMs,
    );
}
