import type { NewCluster } from '../../shared/vocabulary/cluster-connection.ts';
import type { Connection } from '../../shared/vocabulary/connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import type { KubernetesAccess } from '../connectors/kubernetes/access.ts';
import type { GivenCluster } from './connection-file.ts';
import { kubeconfigPath, pastedAccess } from './kubeconfig.ts';

/** A cluster from Settings as its connector takes it. @throws Failure `bad_input` for a kubeconfig that does not do. */
export const givenCluster = ({ name, access, namespaces, writer }: NewCluster): GivenCluster => ({
  kind: 'kubernetes',
  name,
  access: accessOf(access),
  namespaces,
  writer,
});

/** What is stored and shown of it: where it is, and no secret. */
export function shownCluster({ name, access }: NewCluster, id: string): Connection {
  const about = { id: ConnectionId.parse(id), kind: 'kubernetes' as const, name, from: 'settings' as const };
  const given = accessOf(access);
  return 'kubeconfigPath' in given
    ? { ...about, url: placeOf(given), auth: 'kubeconfig' }
    : { ...about, url: given.server, auth: access.kind === 'token' ? 'bearer' : 'kubeconfig' };
}

function accessOf(access: NewCluster['access']): Exclude<KubernetesAccess, { inCluster: true }> {
  switch (access.kind) {
    case 'file': {
      const { path, context } = access;
      return { kubeconfigPath: kubeconfigPath(path), ...(context === undefined ? {} : { context }) };
    }
    case 'text':
      return pastedAccess(access.text, access.context);
    case 'token': {
      const { server, token, authority } = access;
      const caData = authority === undefined ? {} : { caData: Buffer.from(authority).toString('base64') };
      return { server, token, ...caData };
    }
  }
}

const placeOf = ({ kubeconfigPath: path, context }: { kubeconfigPath: string; context?: string }) =>
  context === undefined ? path : `${path} (${context})`;
