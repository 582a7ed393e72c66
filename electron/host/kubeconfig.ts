/**
 * Kubeconfigs that come over the bridge. A file is named by the person and read by the official client, as kubectl would; a
 * pasted text is read here, and may neither run a command nor name a file, since whoever sent it could have any of both.
 */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Contexts, Kubeconfig } from '../../shared/vocabulary/cluster-connection.ts';
import { MOST_KUBECONFIG } from '../../shared/vocabulary/cluster-connection.ts';
import type { KubernetesAccess } from '../connectors/kubernetes/access.ts';
import { Failure } from '../platform/failure.ts';
import { readPlain } from '../store/backup-files.ts';

const Named = z.string().max(500);
const optional = z.string().nullish();
const Cluster = z.looseObject({ server: z.string().max(2_000), 'certificate-authority-data': optional });
const User = z.looseObject({
  token: optional,
  'client-certificate-data': optional,
  'client-key-data': optional,
});
const Parsed = z.object({
  'current-context': optional,
  contexts: z.array(
    z.object({
      name: Named,
      context: z.object({ cluster: Named, user: Named.nullish(), namespace: optional }),
    }),
  ),
  clusters: z.array(z.object({ name: Named, cluster: Cluster })),
  users: z.array(z.object({ name: Named, user: User.nullish() })).nullish(),
});
type Parsed = z.infer<typeof Parsed>;

/** Where a kubeconfig on this machine is. @throws Failure `bad_input` for a path that depends on where one stands. */
export function kubeconfigPath(path: string): string {
  const full = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  if (isAbsolute(full)) return resolve(full);
  throw new Failure(
    'bad_input',
    `Give the whole path of the kubeconfig, from / or ~/: ${JSON.stringify(path)}.`,
  );
}

/** What there is to choose from. @throws Failure `bad_input` when it is no kubeconfig. */
export function contextsOf(kubeconfig: Kubeconfig): Contexts {
  const {
    contexts,
    clusters,
    'current-context': current,
  } = parsedFrom(kubeconfig.kind === 'text' ? kubeconfig.text : textAt(kubeconfigPath(kubeconfig.path)));
  return {
    contexts: contexts.map(({ name, context: { cluster, namespace } }) => ({
      name,
      server:
        clusters.find((one) => one.name === cluster)?.cluster.server ?? 'a cluster that it does not describe',
      namespace: namespace || null,
    })),
    current: current || null,
  };
}

/**
 * How a pasted kubeconfig signs in, where that stands in it as a whole.
 * @throws Failure `bad_input` for what it would run or read elsewhere, and for what is missing.
 */
export function pastedAccess(text: string, context?: string): Exclude<KubernetesAccess, { inCluster: true }> {
  const parsed = parsedFrom(text);
  const wanted = context ?? parsed['current-context'];
  const chosen = parsed.contexts.find(({ name }) => name === wanted)?.context;
  const cluster = parsed.clusters.find(({ name }) => name === chosen?.cluster)?.cluster;
  if (!chosen || !cluster) {
    const known = parsed.contexts.map(({ name }) => name).join(', ') || 'none';
    throw refused(`has no cluster for the context ${wanted || 'none'}. It knows: ${known}.`);
  }
  const user = parsed.users?.find(({ name }) => name === chosen.user)?.user ?? {};
  demandKnown(cluster, CLUSTER_MEMBERS, 'cluster');
  demandKnown(user, USER_MEMBERS, 'user');
  const authority = cluster['certificate-authority-data'];
  const about = { server: cluster.server, ...(authority ? { caData: authority } : {}) };
  const { token, 'client-certificate-data': certData, 'client-key-data': keyData } = user;
  if (token) return { ...about, token };
  if (certData && keyData) return { ...about, certData, keyData };
  throw refused(
    'signs in neither by a token nor by a certificate with its key. Save it as a file and give its path.',
  );
}

/** Everything else means something that is not done with a pasted text: a command, a file, a proxy, another identity. */
const CLUSTER_MEMBERS = ['server', 'certificate-authority-data', 'extensions'];
const USER_MEMBERS = ['token', 'client-certificate-data', 'client-key-data', 'extensions'];

function demandKnown(given: object, known: readonly string[], of: string): void {
  const other = Object.entries(given).find(
    ([member, value]) => value !== null && !known.includes(member),
  )?.[0];
  if (other === undefined) return;
  throw refused(
    `has ${JSON.stringify(other.slice(0, 80))} in its ${of}, which is not taken from a pasted text. Save it as a file and give its path.`,
  );
}

/** No parser's message is passed on: it would quote the text, where tokens stand. */
function parsedFrom(text: string): Parsed {
  let value: unknown;
  try {
    // Its warnings would quote the text, too.
    value = parse(text, { logLevel: 'error' });
  } catch {
    throw refused('is no YAML.');
  }
  const parsed = Parsed.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].slice(0, 3).join(', ');
  throw refused(`is none: see ${where || 'its beginning'}.`);
}

function textAt(path: string): string {
  try {
    // Many a ~/.kube/config is a link.
    return readPlain(realpathSync(path), MOST_KUBECONFIG);
  } catch {
    throw new Failure(
      'bad_input',
      `The kubeconfig ${path} cannot be read. Is it there, a plain file, and yours to read?`,
    );
  }
}

const refused = (what: string) => new Failure('bad_input', `This kubeconfig ${what}`);
