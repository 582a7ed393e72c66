import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { Cluster } from '@kubernetes/client-node';
import { z } from 'zod';
import { Failure } from '../../../platform/failure.ts';
import type { Asking, Shown } from './one-at-a-time.ts';

/** `users[].user.exec` (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). */
export const ExecCommand = z.object({
  apiVersion: z.enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string().min(1), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().optional(),
  interactiveMode: z.enum(['Never', 'IfAvailable', 'Always']).nullish(),
});
export type ExecCommand = z.infer<typeof ExecCommand>;

const ExecCredential = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().min(1).optional(),
    clientCertificateData: z.string().min(1).optional(),
    clientKeyData: z.string().min(1).optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
  }),
});

/** A person may have to sign in; whoever has not by then will be asked again. */
const timeoutMs = 180_000;
const maxBytes = 1_048_576;

type About = { path: string; folder: string; cluster: Cluster | null };

/**
 * Runs the command that a kubeconfig names, as its user and without a terminal, and takes what it prints. Neither what it
 * printed nor what it complained of is passed on: both may hold a token. Throws `bad_input` for a command that wants a terminal.
 */
export function execCredential(exec: ExecCommand, about: About): Asking {
  const name = `The sign-in command ${exec.command} of the kubeconfig ${about.path}`;
  if (exec.interactiveMode === 'Always') {
    throw new Failure(
      'bad_input',
      `${name} wants a terminal (interactiveMode: Always), which there is none of here.`,
    );
  }
  return { name, ask: async () => shownIn(await output(exec, about, name), name) };
}

function output(exec: ExecCommand, { folder, cluster }: About, name: string): Promise<string> {
  // As kubectl has it: a name is looked for in PATH, a path starts at the kubeconfig.
  const command = /[/\\]/.test(exec.command) ? resolve(folder, exec.command) : exec.command;
  const added = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const env = { ...process.env, ...added, KUBERNETES_EXEC_INFO: JSON.stringify(infoFor(exec, cluster)) };
  return new Promise((found, reject) => {
    const options = {
      env,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: maxBytes,
      windowsHide: true,
    } as const;
    const child = execFile(command, exec.args ?? [], options, (error, stdout) => {
      if (error) reject(failureOf(error, name));
      else found(stdout);
    });
    child.stdin?.on('error', () => {}); // It may end before its input does.
    child.stdin?.end();
  });
}

/** What a command is told of whom it signs in for. */
function infoFor({ apiVersion, provideClusterInfo }: ExecCommand, cluster: Cluster | null): object {
  const told =
    provideClusterInfo === true && cluster
      ? {
          cluster: {
            server: cluster.server,
            ...(cluster.caData ? { 'certificate-authority-data': cluster.caData } : {}),
            ...(cluster.tlsServerName ? { 'tls-server-name': cluster.tlsServerName } : {}),
            ...(cluster.skipTLSVerify ? { 'insecure-skip-tls-verify': true } : {}),
          },
        }
      : {};
  return { apiVersion, kind: 'ExecCredential', spec: { interactive: false, ...told } };
}

function failureOf(error: Error & { code?: unknown; killed?: boolean }, name: string): Failure {
  if (error.code === 'ENOENT') {
    return new Failure(
      'unauthorized',
      `${name} was not found. Is it installed, and in the PATH of Countersign?`,
    );
  }
  if (error.code === 'EACCES')
    return new Failure('unauthorized', `${name} may not be run. Is it executable?`);
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return new Failure('unauthorized', `${name} printed more than a credential.`);
  }
  if (error.killed) {
    return new Failure(
      'unauthorized',
      `${name} was ended after ${timeoutMs / 60_000} min without an answer.`,
    );
  }
  return new Failure(
    'unauthorized',
    `${name} failed (${typeof error.code === 'number' ? `exit ${error.code}` : 'it crashed'}). Does kubectl work with it, as the same user?`,
  );
}

function shownIn(printed: string, name: string): Shown {
  const parsed = ExecCredential.safeParse(jsonOr(printed));
  const {
    token,
    clientCertificateData: cert,
    clientKeyData: key,
    expirationTimestamp,
  } = parsed.data?.status ?? {};
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new Failure(
      'unauthorized',
      `${name} printed no ExecCredential with a token or a certificate and its key.`,
    );
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    untilMs: expirationTimestamp ? Date.parse(expirationTimestamp) : undefined,
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Said by whoever looks for a credential in it.
  }
}
