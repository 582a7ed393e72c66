import type { HostParts } from '../../../electron/host/host-parts.ts';
import type { Target } from '../../../shared/vocabulary/proposal.ts';

/** What stands at a target, and the pod templates of every Deployment by namespace and name. */
export type State = { own: string; templates: ReadonlyMap<string, string> };

const patience = () => AbortSignal.timeout(20_000);

/** Reads a target anew through the connection it was proposed for: what an action changes, and nothing that ages. */
export async function stateOf({ drill }: HostParts, target: Target): Promise<State> {
  const connector = drill.sources.find(target.cluster);
  if (!connector) throw new Error(`${target.cluster} is not connected`);
  return { own: JSON.stringify(await ownOf(connector, target)), templates: await templatesOf(drill) };
}

type Drill = HostParts['drill'];
type Connector = NonNullable<ReturnType<Drill['sources']['find']>>;

async function ownOf({ cluster, flags }: Connector, target: Target): Promise<unknown> {
  if (target.kind === 'Flag') {
    const { project, namespace, name } = target;
    const flag = await flags?.flag({ project, namespace, name }, patience());
    return flag && { enabled: flag.enabled, percent: flag.percent };
  }
  const { namespace, name } = target;
  switch (target.kind) {
    case 'ConfigMap':
      return cluster?.configMap({ namespace, name }, patience()).then(({ data }) => data);
    case 'Ingress':
      return cluster?.ingress({ namespace, name }, patience()).then(({ weights }) => weights);
    case 'Deployment':
      return cluster
        ?.deployment({ namespace, name }, patience())
        .then(({ templateDigest, desiredReplicas, paused }) => ({ templateDigest, desiredReplicas, paused }));
    default:
      throw new Error(`The bench does not know how a ${target.kind} is read`);
  }
}

async function templatesOf({ sources }: Drill): Promise<Map<string, string>> {
  const templates = new Map<string, string>();
  for (const { cluster } of sources.connectors()) {
    for (const { id, namespace } of (await cluster?.topologyHints(patience())) ?? []) {
      if (!cluster || !namespace) continue;
      const found = await cluster.deployment({ namespace, name: id }, patience()).catch(() => null);
      if (found) templates.set(`${namespace}/${id}`, found.templateDigest);
    }
  }
  return templates;
}
