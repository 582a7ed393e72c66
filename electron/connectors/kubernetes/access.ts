import { Failure } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import { inClusterCredentials, inClusterServer, serviceAccountFolder } from './in-cluster.ts';
import { type Credentials, readKubeconfig } from './sign-in/kubeconfig.ts';

export type KubernetesAccess =
  /** `caData` is the base64 of PEM, as in a kubeconfig. */
  | { server: string; token: string; caData?: string }
  | { server: string; certData: string; keyData: string; caData?: string }
  | { kubeconfigPath: string; context?: string }
  /** The account of the pod that Countersign runs in; another folder than the usual one is for tests. */
  | { inCluster: true; folder?: string };

/** Where the API server is, and how to show who one is, asked anew for each request because tokens expire. */
export type OpenAccess = {
  server: URL;
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  credentials(): Promise<Credentials>;
  /** Told that the server did not accept them (401): whatever was kept of them is read anew for the next request. */
  refused?(): void;
};

export async function openAccess(
  access: KubernetesAccess,
  refuses?: Refuses | undefined,
): Promise<OpenAccess> {
  if ('kubeconfigPath' in access) {
    const { server, credentials } = await readKubeconfig(access.kubeconfigPath, access.context, refuses);
    return { server: serverUrl(server), credentials };
  }
  if ('inCluster' in access) return ofPod(access.folder ?? serviceAccountFolder);
  const decoded = (data: string) => Buffer.from(data, 'base64');
  const ca = access.caData === undefined ? {} : { ca: decoded(access.caData) };
  const [headers, tls] =
    'token' in access
      ? [{ authorization: `Bearer ${access.token}` }, ca]
      : [{}, { ...ca, cert: decoded(access.certData), key: decoded(access.keyData) }];
  return { server: serverUrl(access.server), credentials: async () => ({ headers, tls }) };
}

function ofPod(folder: string): OpenAccess {
  return {
    server: serverUrl(inClusterServer(process.env)),
    async credentials() {
      const { token, ca } = await inClusterCredentials(folder);
      return { headers: { authorization: `Bearer ${token}` }, tls: { ca } };
    },
  };
}

/** A token goes over TLS or stays on this machine (`kubectl proxy`), as kubectl itself has it. */
function serverUrl(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : null;
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url;
  throw new Failure(
    'bad_input',
    'The address of a Kubernetes API server must start with https:// (or http:// on this machine).',
  );
}
