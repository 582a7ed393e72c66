import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { NewCloud } from '../../shared/vocabulary/cloud-connection.ts';
import { type Connection, NewConnection } from '../../shared/vocabulary/connection.ts';
import { misfitOf, Tenant } from '../../shared/vocabulary/connection-tls.ts';
import { NewFlagFile } from '../../shared/vocabulary/flag-file-connection.ts';
import type { NewFolder } from '../../shared/vocabulary/folder-connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { ObjectTarget } from '../../shared/vocabulary/proposal.ts';
import { MOST_SENDERS, SenderName, Sends } from '../../shared/vocabulary/receiver-sender.ts';
import type { KubernetesAccess } from '../connectors/kubernetes/access.ts';
import type { WriterAccount } from '../connectors/kubernetes/token-request.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { readSettingsFile } from '../platform/settings-file.ts';
import { TlsFiles, tlsInFiles } from './certificate-files.ts';
import { shownCloud } from './cloud-connection.ts';
import { shownFlagFile } from './flag-file-connection.ts';
import { FolderInFile, folderIn, shownFolder } from './folder-connection.ts';
import { type GivenReceiver, givenReceiver, shownSenders } from './receiver-connection.ts';
import { shownSignIn } from './sealed-sign-in.ts';

/** A cluster, which only the file can connect: how it is reached, where it may look, and who writes. */
export type GivenCluster = {
  kind: 'kubernetes';
  name: string;
  access: KubernetesAccess;
  namespaces: string[] | undefined;
  writer: WriterAccount | undefined;
  /** Whether values of config maps are shown; otherwise their keys alone. */
  showsValues?: boolean;
};

/** A connection from `connections.yaml`, with its secret read from where the file says it is. */
export type FileConnection = { connection: Connection; given: Given };
export type Given = NewConnection | GivenReceiver | GivenCluster | NewCloud | NewFlagFile | NewFolder;

/** Secrets are named, never written: an environment variable or a file only its owner reads. */
const Secret = z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })]);
const Auth = z.union([
  z.strictObject({ bearer: Secret }),
  z.strictObject({ username: z.string(), password: Secret }),
]);
const System = z.strictObject({
  kind: NewConnection.shape.kind,
  name: NewConnection.shape.name,
  url: NewConnection.shape.url,
  auth: Auth.optional(),
  tenant: Tenant.optional(),
  tls: TlsFiles.optional(),
  scope: NewConnection.shape.scope,
});

/** Each sender by itself; `auth: { bearer }`, which a `System` may have, is one secret for all. */
const ReceiverInFile = z.strictObject({
  kind: z.literal('receiver'),
  name: NewConnection.shape.name,
  url: NewConnection.shape.url,
  senders: z
    .array(
      z.strictObject({
        name: SenderName,
        sends: Sends,
        secret: Secret,
        /** The one before, and until when it is good as well. */
        previous: z.strictObject({ secret: Secret, until: z.iso.datetime({ offset: true }) }).optional(),
      }),
    )
    .min(1)
    .max(MOST_SENDERS),
});

const { namespace: Namespace, name: ObjectName } = ObjectTarget.shape;
const cluster = {
  kind: z.literal('kubernetes'),
  name: NewConnection.shape.name,
  /** Where the credential has rights, when not in the whole cluster. */
  namespaces: z.array(Namespace).min(1).max(200).optional(),
  /** The account whose tokens write; the credential above then only reads. */
  writer: z.strictObject({ serviceAccount: ObjectName, namespace: Namespace }).optional(),
  /** `keys`: of config maps it is told which key changed, and no value. */
  configMaps: z.enum(['values', 'keys']).optional(),
};
const Cluster = z.union([
  z.strictObject({
    ...cluster,
    url: NewConnection.shape.url,
    auth: z.strictObject({ bearer: Secret }),
    /** PEM of the authority that vouches for the server, where it is not a public one. */
    caFile: z.string().min(1).optional(),
  }),
  z.strictObject({ ...cluster, kubeconfig: z.string().min(1), context: z.string().min(1).optional() }),
  /** Countersign runs in a pod of it, and shows the account of the pod. */
  z.strictObject({ ...cluster, inCluster: z.literal(true) }),
]);

const File = z.strictObject({
  format: z.literal('countersign.connections/1'),
  connections: z.array(z.union([ReceiverInFile, System, Cluster, NewCloud, NewFlagFile, FolderInFile])),
});

/**
 * Reads `<data dir>/connections.yaml`, where there is one.
 * @throws Failure `bad_input` naming the file and the member that does not hold.
 */
export function readConnectionFile(dataDir: string): FileConnection[] {
  const path = join(dataDir, 'connections.yaml');
  const file = readSettingsFile(path, File, 'none of its connections is used');
  return (file?.connections ?? []).map((one) => {
    switch (one.kind) {
      case 'kubernetes':
        return clusterOf(path, dataDir, one);
      case 'cloudwatch':
        return { connection: shownCloud(one, idOf(one.name), 'file'), given: one };
      case 'flagd':
        return { connection: shownFlagFile(one, idOf(one.name), 'file'), given: one };
      case 'folder':
        return folderOf(dataDir, one);
      case 'receiver':
        return receiverOf(path, dataDir, one);
      default:
        return systemOf(path, dataDir, one);
    }
  });
}

function folderOf(dataDir: string, one: z.infer<typeof FolderInFile>): FileConnection {
  const given = folderIn(dataDir, one);
  return { connection: shownFolder(given, idOf(one.name), 'file'), given };
}

/** With senders of its own, or with one secret for all. */
function receiverOf(
  path: string,
  dataDir: string,
  one: z.infer<typeof ReceiverInFile> | z.infer<typeof System>,
): FileConnection {
  const { name, url } = one;
  const given = 'senders' in one ? sendersIn(path, one) : oneForAll(path, dataDir, one);
  const connection: Connection = {
    ...{ id: idOf(name), kind: 'receiver', name, url, auth: 'senders', from: 'file' },
    senders: shownSenders(given.senders, null),
  };
  return { connection, given };
}

function oneForAll(path: string, dataDir: string, one: z.infer<typeof System>): GivenReceiver {
  if (!one.auth) throw new Failure('bad_input', `${path}: “${one.name}” needs senders, each with its secret`);
  const { given } = systemOf(path, dataDir, one);
  return givenReceiver(given);
}

function sendersIn(path: string, { name, url, senders }: z.infer<typeof ReceiverInFile>): GivenReceiver {
  return {
    ...{ kind: 'receiver', name, url },
    senders: senders.map(({ name: called, sends, secret, previous }) => {
      const whose = `${called}” of “${name}`;
      return {
        ...{ id: `file:${called}`, name: called, sends, secret: secretOf(path, whose, secret) },
        ...(previous
          ? {
              previous: {
                secret: secretOf(path, whose, previous.secret),
                untilMs: Date.parse(previous.until),
              },
            }
          : {}),
      };
    }),
  };
}

function systemOf(
  path: string,
  dataDir: string,
  { auth, tls, tenant, ...about }: z.infer<typeof System>,
): { connection: Connection; given: NewConnection } {
  const { name } = about;
  const given: NewConnection = {
    ...about,
    auth: authOf(path, name, auth),
    ...(tenant === undefined ? {} : { tenant }),
    ...(tls === undefined ? {} : { tls: tlsInFiles({ path, dataDir, name }, tls) }),
  };
  const misfit = misfitOf(given);
  if (misfit)
    throw new Failure('bad_input', `${path}: the ${misfit.member} of “${name}” must be ${misfit.message}`);
  const connection: Connection = { ...about, id: idOf(name), ...shownSignIn(given), from: 'file' };
  return { connection, given };
}

function clusterOf(path: string, dataDir: string, one: z.infer<typeof Cluster>): FileConnection {
  const { kind, name, namespaces, writer } = one;
  const showsValues = one.configMaps !== 'keys';
  const about = { kind, name, id: idOf(name), from: 'file' as const };
  if ('kubeconfig' in one) {
    const kubeconfigPath = resolve(dataDir, one.kubeconfig);
    const { context } = one;
    const access = { kubeconfigPath, ...(context === undefined ? {} : { context }) };
    const url = `${kubeconfigPath}${context === undefined ? '' : ` (${context})`}`;
    return {
      connection: { ...about, url, auth: 'kubeconfig' },
      given: { kind, name, access, namespaces, writer, showsValues },
    };
  }
  if ('inCluster' in one) {
    const access = { inCluster: true } as const;
    return {
      connection: { ...about, url: 'the cluster that Countersign runs in', auth: 'kubeconfig' },
      given: { kind, name, access, namespaces, writer, showsValues },
    };
  }
  const { url: server, auth, caFile } = one;
  const caData = caFile === undefined ? {} : { caData: authorityIn(path, name, resolve(dataDir, caFile)) };
  const access = { server, token: secretOf(path, name, auth.bearer), ...caData };
  return {
    connection: { ...about, url: server, auth: 'bearer' },
    given: { kind, name, access, namespaces, writer, showsValues },
  };
}

const idOf = (name: string) => ConnectionId.parse(`file:${name}`);

/** In base64, as a kubeconfig has it. */
function authorityIn(path: string, name: string, file: string): string {
  try {
    return readFileSync(file).toString('base64');
  } catch (cause) {
    throw new Failure(
      'bad_input',
      `${path}: the caFile of “${name}” cannot be read: ${messageOf(cause)}`,
      cause,
    );
  }
}

function authOf(path: string, name: string, auth: z.infer<typeof Auth> | undefined): NewConnection['auth'] {
  if (!auth) return { kind: 'none' };
  if ('bearer' in auth) return { kind: 'bearer', token: secretOf(path, name, auth.bearer) };
  return { kind: 'basic', username: auth.username, password: secretOf(path, name, auth.password) };
}

function secretOf(path: string, name: string, secret: z.infer<typeof Secret>): string {
  if ('env' in secret) {
    const value = process.env[secret.env];
    if (value) return value;
    throw new Failure(
      'bad_input',
      `${path}: “${name}” wants its secret from ${secret.env}, which is not set`,
    );
  }
  try {
    return readFileSync(secret.file, 'utf8').trim();
  } catch (cause) {
    throw new Failure(
      'bad_input',
      `${path}: the secret of “${name}” cannot be read: ${messageOf(cause)}`,
      cause,
    );
  }
}
