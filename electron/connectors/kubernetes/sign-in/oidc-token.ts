import { readFile } from 'node:fs/promises';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { Failure } from '../../../platform/failure.ts';
import type { Refuses } from '../../../platform/forbidden-address.ts';
import { isLoopback } from '../../../platform/http-reads.ts';
import { fetchReply } from '../../../platform/http-reply.ts';
import { type Asking, holds, type Shown } from './one-at-a-time.ts';

/** `users[].user.auth-provider.config` of the provider `oidc` (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-kubectl). */
export const OidcConfig = z.object({
  'idp-issuer-url': z.url({ protocol: /^https?$/ }),
  'client-id': z.string().min(1),
  'client-secret': z.string().optional(),
  'id-token': z.string().optional(),
  'refresh-token': z.string().optional(),
  'idp-certificate-authority': z.string().optional(),
  'idp-certificate-authority-data': z.string().optional(),
});
export type OidcConfig = z.infer<typeof OidcConfig>;
export type Tokens = { idToken: string; refreshToken: string };

const timeoutMs = 60_000;
const maxBytes = 1_048_576;

type About = {
  path: string;
  /** Told of new tokens: the old refresh token may be worth nothing from then on. */
  keep(tokens: Tokens): Promise<void>;
  refuses: Refuses | undefined;
};

/** The id token of a kubeconfig while it holds, and then a new one from the provider that the kubeconfig names. */
export function oidcToken(config: OidcConfig, { path, keep, refuses }: About): Asking {
  const name = `The identity provider ${new URL(config['idp-issuer-url']).host} of the kubeconfig ${path}`;
  let idToken = config['id-token'];
  let refreshToken = config['refresh-token'];

  async function ask(): Promise<Shown> {
    const untilMs = idToken === undefined ? 0 : expiryOf(idToken);
    if (idToken !== undefined && holds(untilMs, Date.now())) return { token: idToken, untilMs };
    if (refreshToken === undefined) {
      throw new Failure(
        'unauthorized',
        `The id token of the kubeconfig ${path} has expired and there is no refresh-token beside it. Sign in again as you do for kubectl.`,
      );
    }
    const renewed = await renew(refreshToken);
    if (renewed.id_token === undefined) {
      throw new Failure(
        'unauthorized',
        `${name} renewed the sign-in without an id token. Is the scope openid granted?`,
      );
    }
    idToken = renewed.id_token;
    refreshToken = renewed.refresh_token ?? refreshToken;
    await keep({ idToken, refreshToken });
    return { token: idToken, untilMs: expiryOf(idToken) };
  }

  async function renew(shown: string) {
    // Loaded only when needed.
    const { allowInsecureRequests, customFetch, discovery, refreshTokenGrant } = await import(
      'openid-client'
    );
    const issuer = new URL(config['idp-issuer-url']);
    const ca = await authorityOf(config);
    try {
      const provider = await discovery(
        issuer,
        config['client-id'],
        config['client-secret'] || undefined,
        undefined,
        {
          [customFetch]: exchanged({ name, refuses, ca }),
          ...(issuer.protocol === 'http:' && isLoopback(issuer) ? { execute: [allowInsecureRequests] } : {}),
        },
      );
      return await refreshTokenGrant(provider, shown);
    } catch (error) {
      // The answer's own words may repeat the token.
      throw error instanceof Failure ? error : refusedBy(name, error);
    }
  }

  return { name, ask };
}

function refusedBy(name: string, error: unknown): Failure {
  const cause = error instanceof Error && error.cause instanceof Failure ? error.cause : undefined;
  if (cause) return cause;
  const code = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) }).safeParse(error).data?.error;
  return new Failure(
    'unauthorized',
    `${name} did not renew the sign-in${code === undefined ? '' : ` (${code})`}. Sign in again as you do for kubectl.`,
  );
}

async function authorityOf(config: OidcConfig): Promise<Buffer | undefined> {
  const data = config['idp-certificate-authority-data'];
  if (data) return Buffer.from(data, 'base64');
  const file = config['idp-certificate-authority'];
  if (!file) return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    throw new Failure(
      'bad_input',
      `The certificate authority ${file} of the identity provider cannot be read.`,
      cause,
    );
  }
}

/** Requests as all others are made: no redirect, no forbidden address, no endless body. */
function exchanged(ports: { name: string; refuses: Refuses | undefined; ca: Buffer | undefined }) {
  return async (url: string, options: { method?: string; headers?: unknown; body?: unknown }) => {
    const reply = await fetchReply(
      {
        system: ports.name,
        url: new URL(url),
        method: options.method === 'POST' ? 'POST' : 'GET',
        headers: z.record(z.string(), z.string()).parse(options.headers ?? {}),
        ...(options.body === undefined || options.body === null ? {} : { body: String(options.body) }),
        ...(ports.ca === undefined ? {} : { tls: { ca: ports.ca } }),
        refuses: ports.refuses,
        signal: AbortSignal.timeout(timeoutMs),
      },
      maxBytes,
    );
    return new Response(reply.text, {
      status: reply.status,
      headers: { 'content-type': reply.headers['content-type'] ?? '' },
    });
  };
}

/** Until when a token holds by its own word; the server that it is shown to checks it. */
function expiryOf(token: string): number | undefined {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? undefined : exp * 1_000;
  } catch {
    return 0; // No token at all: ask for another.
  }
}
