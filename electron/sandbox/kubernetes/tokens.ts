import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { accountNames, accountNamespace, type ServiceAccount } from '../cluster/accounts.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import { timestamp } from '../cluster/objects.ts';
import type { Identity } from '../http/loopback.ts';
import { badRequest, invalid } from './status.ts';

/** The bearer tokens of a server: whose each is, and until when. */
export type TokenBook = {
  /** Whoever shows this token, or null for one that is not known or has expired. */
  identify(token: string): Identity | null;
  /** A new token; without an end it lasts as long as the server. */
  mint(identity: Identity, expiresMs?: number): string;
};

/** Tokens are secrets, so they alone are not drawn from the seed. Only digests are kept and compared. */
export function tokenBook(now: () => number): TokenBook {
  const known = new Map<string, { identity: Identity; expiresMs: number }>();
  return {
    identify(token) {
      const found = known.get(digest(token));
      return found && now() < found.expiresMs ? found.identity : null;
    },
    mint(identity, expiresMs = Number.POSITIVE_INFINITY) {
      for (const [key, held] of known) if (held.expiresMs <= now()) known.delete(key);
      const token = randomBytes(32).toString('base64url');
      known.set(digest(token), { identity, expiresMs });
      return token;
    },
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64');

/** A service account as the server knows it once it has shown its token. */
export const identityOf = ({ metadata: { namespace = '', name, uid } }: ServiceAccount): Identity => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  uid,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

/** One of the accounts that every cluster of a drill has. */
export function accountOf(store: ObjectStore, which: keyof typeof accountNames): Identity {
  const account = store.get('ServiceAccount', accountNamespace, accountNames[which]);
  if (!account) throw new Error(`the cluster has no account ${accountNames[which]}`);
  return identityOf(account);
}

const TokenRequest = z.looseObject({
  spec: z
    .looseObject({
      audiences: z.array(z.string()).optional(),
      expirationSeconds: z.number().int().optional(),
    })
    .default({}),
});
const group = 'authentication.k8s.io';

/** `POST …/serviceaccounts/<name>/token`: another token for an account, for an hour unless asked otherwise. */
export function requestToken(options: {
  account: ServiceAccount;
  tokens: Pick<TokenBook, 'mint'>;
  body: unknown;
  dryRun: boolean;
  atMs: number;
}): object {
  const { account, tokens, body, dryRun, atMs } = options;
  const { data } = TokenRequest.safeParse(body);
  if (!data) throw badRequest('the object provided is unrecognized (must be of type TokenRequest)');
  const { audiences = [], expirationSeconds = 3_600 } = data.spec;
  const wrong =
    expirationSeconds < 600
      ? 'may not specify a duration less than 10 minutes'
      : expirationSeconds > 2 ** 32
        ? 'may not specify a duration larger than 2^32 seconds'
        : null;
  if (wrong !== null) {
    const message = `Invalid value: ${expirationSeconds}: ${wrong}`;
    const causes = [{ reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' }];
    throw invalid({ plural: '', group, kind: 'TokenRequest' }, '', causes);
  }
  const expiresMs = atMs + expirationSeconds * 1_000;
  const { name, namespace } = account.metadata;
  return {
    kind: 'TokenRequest',
    apiVersion: `${group}/v1`,
    metadata: { name, namespace, creationTimestamp: timestamp(atMs) },
    spec: {
      audiences: audiences.length > 0 ? audiences : ['https://kubernetes.default.svc'],
      expirationSeconds,
      boundObjectRef: null,
    },
    status: {
      token: dryRun ? '' : tokens.mint(identityOf(account), expiresMs),
      expirationTimestamp: timestamp(expiresMs),
    },
  };
}
