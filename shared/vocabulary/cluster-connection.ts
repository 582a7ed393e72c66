import { z } from 'zod';
import { ConnectionTest, NewConnection } from './connection.ts';
import { CredentialView } from './credentials.ts';
import { ObjectTarget } from './proposal.ts';

/** Longer than a kubeconfig of a person with hundreds of clusters. */
export const MOST_KUBECONFIG = 262_144;

const Path = z.string().trim().min(1, 'where the kubeconfig is').max(4_096);
const Text = z.string().min(1, 'the text of a kubeconfig').max(MOST_KUBECONFIG);
const Context = z.string().min(1).max(500).optional();

/** A kubeconfig, on this machine or pasted. */
export const Kubeconfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path: Path }),
  z.strictObject({ kind: z.literal('text'), text: Text }),
]);
export type Kubeconfig = z.infer<typeof Kubeconfig>;

/** What a kubeconfig lets one choose from; no secret in it. */
export const Contexts = z.strictObject({
  contexts: z.array(
    z.strictObject({ name: z.string(), server: z.string(), namespace: z.string().nullable() }),
  ),
  current: z.string().nullable(),
});
export type Contexts = z.infer<typeof Contexts>;

const { namespace: Namespace, name: ObjectName } = ObjectTarget.shape;

/** A cluster as a person connects it in Settings: how it is reached, where it may look, and who writes. */
export const NewCluster = z.strictObject({
  name: NewConnection.shape.name,
  access: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('file'), path: Path, context: Context }),
    z.strictObject({ kind: z.literal('text'), text: Text, context: Context }),
    z.strictObject({
      kind: z.literal('token'),
      server: NewConnection.shape.url,
      token: z.string().min(1).max(20_000),
      /** PEM of the authority that vouches for the server, where it is not a public one. */
      authority: z.string().min(1).max(100_000).optional(),
    }),
  ]),
  /** Where the credential has rights, when not in the whole cluster. */
  namespaces: z.array(Namespace).min(1).max(200).optional(),
  /** The account whose tokens write; the credential above then only reads. */
  writer: z.strictObject({ serviceAccount: ObjectName, namespace: Namespace }).optional(),
});
export type NewCluster = z.infer<typeof NewCluster>;

/** What *Test* finds of a cluster, and what its credential could do there; null where it was not reached. */
export const ClusterTest = z.strictObject({
  test: ConnectionTest,
  credential: CredentialView.pick({ sentence: true, dangerous: true }).strict().nullable(),
});
export type ClusterTest = z.infer<typeof ClusterTest>;
