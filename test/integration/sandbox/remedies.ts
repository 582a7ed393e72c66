import type { Remedy } from '../../../electron/sandbox/scenario/answer.ts';
import { jsonType, type Reply, type Send, type SteppedDrill, sender } from './stepped-drill.ts';

/** Does what an action of this name does, by the wire alone, as any client could. */
export async function apply(drill: SteppedDrill, { action, target }: Remedy): Promise<void> {
  if (target === null) throw new Error(`${action} has no target`);
  const reply = await writes[action]?.(drill, target);
  if (!reply) throw new Error(`nobody here knows how to ${action}`);
  if (reply.status >= 300) throw new Error(`${action} on ${target}: ${reply.status} ${reply.text}`);
}

const writes: Record<string, (drill: SteppedDrill, target: string) => Promise<Reply>> = {
  'roll-back-deployment': rollBackDeployment,
  'restart-workload': restartWorkload,
  'scale-workload': async (drill, name) => {
    const { namespace, before } = await changeOf(drill, `Deployment/${name}`);
    return patch(drill.kubernetes, `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`, {
      spec: { replicas: Number(before) },
    });
  },
  'revert-config': async (drill, name) => {
    const { namespace, field, before } = await changeOf(drill, `ConfigMap/${name}`);
    return patch(drill.kubernetes, `/api/v1/namespaces/${namespace}/configmaps/${name}`, {
      data: { [field]: before },
    });
  },
  'shift-traffic': async (drill, name) => {
    const made = await changeOf(drill, `Ingress/${name}`).catch(() => null);
    const namespace = made?.namespace ?? (await namespaceOf(drill, name));
    // Without a shift to undo, most of the load is sent elsewhere.
    const weight = made?.before ?? '5';
    return patch(drill.kubernetes, `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}`, {
      metadata: { annotations: { 'external-dns.alpha.kubernetes.io/aws-weight': weight } },
    });
  },
  'set-flag': ({ sandbox }, flag) =>
    sender(sandbox.unleash)(
      'POST',
      `/api/admin/projects/default/features/${flag}/environments/production/off`,
    ),
};

const patch = (send: Send, path: string, body: object): Promise<Reply> =>
  send('PATCH', path, { headers: jsonType('merge-patch'), body: JSON.stringify(body) });

type Items<Item> = { items: Item[] };
type Meta = {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};

/** The newest change of an object by what its annotations say. */
async function changeOf({ kubernetes, sandbox }: SteppedDrill, object: string) {
  const events = (await kubernetes('GET', '/api/v1/events')).json() as Items<{ metadata: Meta }>;
  const of = events.items.map(({ metadata }) => ({ metadata, said: metadata.annotations ?? {} }));
  const fits = of.filter(({ said }) => said['countersign.dev/object'] === object);
  const guilty = fits.filter(({ metadata, said }) =>
    sandbox.answer.changes.includes(
      `${said['countersign.dev/change']}:${metadata.namespace}/${metadata.name}`,
    ),
  );
  const found = guilty[0];
  if (!found) throw new Error(`no change of ${object} is told`);
  const { metadata, said } = found;
  return {
    namespace: metadata.namespace,
    field: said['countersign.dev/field'] ?? '',
    /** Null where it was not set. */
    before: said['countersign.dev/before'] ?? null,
  };
}

async function namespaceOf({ kubernetes }: SteppedDrill, name: string): Promise<string> {
  const services = (await kubernetes('GET', '/api/v1/services')).json() as Items<{ metadata: Meta }>;
  const found = services.items.find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no service is called ${name}`);
  return found.metadata.namespace;
}

type ReplicaSet = { metadata: Meta; spec: { template: { metadata: Meta; spec: object } } };
const revisionOf = ({ metadata }: ReplicaSet) =>
  Number(metadata.annotations?.['deployment.kubernetes.io/revision']);

/** To the revision before the guilty one; where none is, to the one before the newest. */
async function rollBackDeployment(drill: SteppedDrill, name: string): Promise<Reply> {
  const namespace = await namespaceOf(drill, name);
  const path = `/apis/apps/v1/namespaces/${namespace}`;
  const list = await drill.kubernetes('GET', `${path}/replicasets?labelSelector=app%3D${name}`);
  const sets = (list.json() as Items<ReplicaSet>).items.sort(
    (one, other) => revisionOf(other) - revisionOf(one),
  );
  const guilty = drill.sandbox.answer.changes.find((id) => id.startsWith(`deploy:${namespace}/${name}@`));
  const bad = guilty ? Number(guilty.split('@')[1]) : sets[0] ? revisionOf(sets[0]) : 0;
  const previous = sets.find((set) => revisionOf(set) < bad);
  if (!previous) throw new Error(`${name} has no revision before ${bad}`);
  const { metadata, ...rest } = previous.spec.template;
  const { 'pod-template-hash': _hash, ...labels } = metadata.labels ?? {};
  return drill.kubernetes('PATCH', `${path}/deployments/${name}`, {
    headers: jsonType('json-patch'),
    body: JSON.stringify([
      { op: 'replace', path: '/spec/template', value: { ...rest, metadata: { ...metadata, labels } } },
    ]),
  });
}

async function restartWorkload(drill: SteppedDrill, name: string): Promise<Reply> {
  const namespace = await namespaceOf(drill, name);
  const kind = name.endsWith('-db') ? 'statefulsets' : 'deployments';
  const restartedAt = new Date(drill.time.clock.now()).toISOString();
  return patch(drill.kubernetes, `/apis/apps/v1/namespaces/${namespace}/${kind}/${name}`, {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': restartedAt } } } },
  });
}
