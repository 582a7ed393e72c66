import { z } from 'zod';
import { ConnectionTls, misfitOf, Tenant } from './connection-tls.ts';
import { ConnectionId } from './ids.ts';
import { ReceiverAddress, wrongReceiver } from './receiver-place.ts';
import { MOST_SENDERS, ReceiverSender } from './receiver-sender.ts';

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'an http:// or https:// address' })
  .refine((text) => !hasUserInfo(text), 'credentials belong in the fields below, not in the address');

/** `user:secret@host` would end up in logs and the ledger; shared/ has no URL type, so the authority is cut by hand. */
const hasUserInfo = (text: string) => (text.split('/')[2] ?? '').includes('@');

export const ConnectionKind = z.enum([
  'prometheus',
  'alertmanager',
  'loki',
  'unleash',
  'launchdarkly',
  'receiver',
]);
export type ConnectionKind = z.infer<typeof ConnectionKind>;

/** How a system is reached; the secret itself goes straight into the vault. */
export const ConnectionAuth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: z.string().min(1) }),
  z.strictObject({ kind: z.literal('basic'), username: z.string().min(1), password: z.string() }),
]);
export type ConnectionAuth = z.infer<typeof ConnectionAuth>;

const FlagKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'keys as LaunchDarkly shows them');
/** What is read of a LaunchDarkly; an empty list is all that its credentials see. */
export const FlagScope = z.strictObject({
  projects: z.array(FlagKey).max(50).default([]),
  environments: z.array(FlagKey).max(50).default([]),
});
export type FlagScope = z.infer<typeof FlagScope>;

export const NewConnection = z
  .strictObject({
    kind: ConnectionKind,
    name: z.string().min(1).max(80),
    url: httpUrl,
    auth: ConnectionAuth,
    tenant: Tenant.optional(),
    tls: ConnectionTls.optional(),
    scope: FlagScope.optional(),
  })
  .superRefine((given, context) => {
    const misfit = misfitOf(given);
    if (misfit) context.addIssue({ code: 'custom', path: [misfit.member], message: misfit.message });
    if (given.scope && given.kind !== 'launchdarkly')
      context.addIssue({ code: 'custom', path: ['scope'], message: 'only a LaunchDarkly has one' });
    if (given.kind !== 'receiver') return;
    const { auth } = given;
    // Without credentials nobody may send until senders are added, each with a secret of its own.
    const wrong = wrongReceiver(
      given.url,
      auth.kind === 'none' ? undefined : auth.kind === 'bearer' ? auth.token : '',
    );
    if (wrong) context.addIssue({ code: 'custom', path: [wrong.member], message: wrong.message });
  });
export type NewConnection = z.infer<typeof NewConnection>;

/** A connection as stored and shown: no secret in it. What is no `ConnectionKind` is connected by other means than the form. */
export const Connection = z.strictObject({
  id: ConnectionId,
  kind: z.enum([...ConnectionKind.options, 'kubernetes', 'cloudwatch', 'flagd', 'folder']),
  name: z.string(),
  url: z.string(),
  auth: z.enum(['none', 'bearer', 'basic', 'kubeconfig', 'aws', 'senders']),
  username: z.string().optional(),
  tenant: z.string().optional(),
  /** What of its own it shows or believes, if anything; the certificates are in the vault. */
  tls: z.enum(['authority', 'client']).optional(),
  scope: FlagScope.optional(),
  /** `file` connections come from connections.yaml and are changed there. */
  from: z.enum(['settings', 'file']),
  /** Where a receiver takes what others post, by what it takes there. */
  listensAt: z.array(ReceiverAddress).optional(),
  /** Who may post to a receiver. */
  senders: z.array(ReceiverSender).max(MOST_SENDERS).optional(),
});
export type Connection = z.infer<typeof Connection>;

/** What a connected system is to Countersign, in words of ours: nothing in it comes from the system. */
export const ConnectionDescription = z.strictObject({
  /** What is read from it, and how often. */
  reads: z.array(z.string()),
  /** What it does not tell even when all is well. */
  unseen: z.array(z.string()),
  /** What people and the analyst may ask it. */
  answers: z.array(z.string()),
  /** What may be changed there on approval; empty where it is only read. */
  writes: z.array(z.string()),
});
export type ConnectionDescription = z.infer<typeof ConnectionDescription>;

/** What *Test* tells. */
export const ConnectionTest = z.strictObject({
  ok: z.boolean(),
  sentence: z.string(),
  version: z.string().nullable(),
  latencyMs: z.number().nullable(),
  sees: z.array(z.string()),
});
export type ConnectionTest = z.infer<typeof ConnectionTest>;
