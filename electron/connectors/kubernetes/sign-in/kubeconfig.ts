import type { RequestOptions } from 'node:https';
import { dirname } from 'node:path';
import type { KubeConfig, User } from '@kubernetes/client-node';
import type { z } from 'zod';
import { Failure } from '../../../platform/failure.ts';
import type { Refuses } from '../../../platform/forbidden-address.ts';
import type { Tls } from '../../../platform/http-exchange.ts';
import { ExecCommand, execCredential } from './exec-credential.ts';
import { OidcConfig, oidcToken } from './oidc-token.ts';
import { keepTokens } from './oidc-tokens-file.ts';
import { oneAtATime } from './one-at-a-time.ts';

export type Credentials = { headers: Record<string, string>; tls: Tls };
export type Kubeconfig = { server: string; credentials(): Promise<Credentials> };

/**
 * What a kubeconfig says of one context (the current one, if none is named): where the server is, and how to show who
 * one is. The official client reads the file; commands and identity providers are asked here, because that client
 * waits for them without end and asks again for each request. Throws `bad_input` with what the file lacks.
 */
export async function readKubeconfig(
  path: string,
  context: string | undefined,
  refuses: Refuses | undefined,
): Promise<Kubeconfig> {
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
  const token = tokenOf(config, path, refuses);
  return {
    server: cluster.server,
    async credentials() {
      const options: RequestOptions = {};
      const shown = await token?.();
      try {
        await config.applyToHTTPSOptions(options);
      } catch {
        throw new Failure(
          'unauthorized',
          `Signing in with the kubeconfig ${path} failed. Can its files of certificates and tokens be read?`,
        );
      }
      const { cert, key, token: bearer } = shown ?? {};
      return {
        headers: {
          ...headersIn(options),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        tls: {
          ...tlsIn(options),
          ...(cert === undefined ? {} : { cert }),
          ...(key === undefined ? {} : { key }),
        },
      };
    },
  };
}

/** What a command or an identity provider hands out, if the context's user signs in by one; the user then has no more of it. */
function tokenOf(config: KubeConfig, path: string, refuses: Refuses | undefined) {
  const user = config.getCurrentUser();
  const cluster = config.getCurrentCluster();
  if (!user) return undefined;
  const command = ExecCommand.optional().safeParse(user.exec ?? undefined);
  if (!command.success) throw unclear(path, user, command.error);
  if (command.data) {
    without(config, user, 'exec');
    const about = { path, folder: dirname(path), cluster };
    return oneAtATime(execCredential(command.data, about));
  }
  if (user.authProvider?.name !== 'oidc') return undefined;
  const oidc = OidcConfig.safeParse(user.authProvider.config);
  if (!oidc.success) throw unclear(path, user, oidc.error);
  without(config, user, 'authProvider');
  const keep = (tokens: Parameters<typeof keepTokens>[2]) => keepTokens(path, user.name, tokens);
  return oneAtATime(oidcToken(oidc.data, { path, keep, refuses }));
}

function without(config: KubeConfig, user: User, member: 'exec' | 'authProvider'): void {
  config.users = config.users.map((one) => (one.name === user.name ? { ...one, [member]: undefined } : one));
}

function unclear(path: string, user: User, error: z.ZodError): Failure {
  const [issue] = error.issues;
  const where = issue?.path.join('.') || 'exec';
  return new Failure(
    'bad_input',
    `The kubeconfig ${path} does not say how the user ${user.name} signs in: ${where}: ${issue?.message}.`,
  );
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
