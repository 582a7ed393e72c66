import type { RequestOptions } from 'node:https';
import { Failure } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import type { Tls } from '../../platform/http-exchange.ts';
import { inClusterCredentials, inClusterServer, serviceAccountFolder } from './in-cluster.ts';

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
  credentials(): Promise<{ headers: Record<string, string>; tls: Tls }>;
  /** Told that the server did not accept them (401): whatever was kept of them is read anew for the next request. */
  refused?(): void;
};

export async function openAccess(access: KubernetesAccess): Promise<OpenAccess> {
  if ('kubeconfigPath' in access) return fromKubeconfig(access.kubeconfigPath, access.context);
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

/** A kubeconfig may sign in by certificate, token file, command or identity provider; the official client knows them all. */
async function fromKubeconfig(path: string, context: string | undefined): Promise<OpenAccess> {
  // Loaded only when needed: it takes a second.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch {
    // The parser's message would quote the file, where tokens stand.
    throw new Failure(
      'bad_input',
      `The kubeconfig ${path} cannot be read. Does it exist, and is it a kubeconfig?`,
    );
  }
  if (context !== undefined) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    const named = context ?? (config.getCurrentContext() || 'none');
    const known = config.getContexts().map(({ name }) => name);
    throw new Failure(
      'bad_input',
      `The kubeconfig ${path} has no cluster for the context ${named}. It knows: ${known.join(', ') || 'none'}.`,
    );
  }
  if (cluster.proxyUrl) {
    throw new Failure(
      'bad_input',
      `The kubeconfig ${path} goes through a proxy-url, which Countersign does not.`,
    );
  }

  return {
    server: serverUrl(cluster.server),
    async credentials() {
      const options: RequestOptions = {};
      try {
        await config.applyToHTTPSOptions(options);
      } catch {
        // What a sign-in command printed may hold a token, so it is not passed on.
        throw new Failure(
          'unauthorized',
          `Signing in with the kubeconfig ${path} failed. Does kubectl work with it, as the same user?`,
        );
      }
      return { headers: headersIn(options), tls: tlsIn(options) };
    },
  };
}

function headersIn({ headers, auth }: RequestOptions): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value === 'string') found[name.toLowerCase()] = value;
  }
  if (auth) found['authorization'] = `Basic ${Buffer.from(auth).toString('base64')}`;
  return found;
}

function tlsIn({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): Tls {
  return {
    ...(isPem(ca) ? { ca } : {}),
    ...(isPem(cert) ? { cert } : {}),
    ...(isPem(key) ? { key } : {}),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

const isPem = (value: unknown): value is string | Buffer =>
  typeof value === 'string' || Buffer.isBuffer(value);

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
