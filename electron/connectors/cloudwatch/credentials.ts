import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  createCredentialChain,
  fromEnv,
  fromIni,
  fromTemporaryCredentials,
} from '@aws-sdk/credential-providers';
import { Failure } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import { requestHandler } from './request-handler.ts';

/** Who CloudWatch is asked as. */
export type CloudIdentity = {
  /** Of `~/.aws/config` (static keys, SSO, `role_arn` with `source_profile`, web identity, `credential_process`). */
  profile?: string | undefined;
  /** Assumed with what the profile gives. */
  role?: { arn: string; externalId?: string | undefined } | undefined;
  /** Where STS and SSO are asked, when not at AWS itself. */
  credentialsEndpoint?: string | undefined;
};

/**
 * Credentials as the AWS command line finds them: of the environment where no profile is named, else of the profile, and
 * then of the role. INVARIANT: never of a machine's or container's metadata, which the SDK would reach without asking us.
 */
export function credentialsOf(
  { profile, role, credentialsEndpoint }: CloudIdentity,
  { region, refuses, timeoutMs }: { region: string; refuses: Refuses | undefined; timeoutMs: number },
) {
  const ours = credentialsEndpoint === undefined ? null : new URL(credentialsEndpoint).host;
  const handler = requestHandler({
    system: 'AWS sign-in',
    mayReach: (host) => host === ours || isSignIn(host),
    refuses,
    timeoutMs,
    inJson: false,
  });
  const client = {
    requestHandler: handler,
    region,
    ...(credentialsEndpoint === undefined ? {} : { endpoint: credentialsEndpoint }),
  };
  const named = profile === undefined ? {} : { profile };
  const stored = fromIni({
    ...named,
    clientConfig: client,
    parentClientConfig: client,
    roleAssumer: (masterCredentials, params) =>
      fromTemporaryCredentials({ masterCredentials, params, clientConfig: client })(),
  });
  const ofProfile = async () => {
    await refuseMetadata(profile ?? process.env['AWS_PROFILE'] ?? 'default');
    return stored();
  };
  const first = profile === undefined ? createCredentialChain(fromEnv(), ofProfile) : ofProfile;
  if (!role) return first;
  return fromTemporaryCredentials({
    masterCredentials: first,
    clientConfig: client,
    params: {
      RoleArn: role.arn,
      RoleSessionName: 'countersign',
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
    },
  });
}

/** STS, and the portal, token and sign-in services of IAM Identity Center. */
const isSignIn = (host: string): boolean =>
  /^(sts(\.[a-z0-9-]+)?|(portal\.sso|oidc)\.[a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.test(host) ||
  /^[a-z0-9-]+\.signin\.aws\.amazon\.com$/.test(host);

async function refuseMetadata(profile: string): Promise<void> {
  const home = join(homedir(), '.aws');
  const files = await Promise.all(
    [
      process.env['AWS_CONFIG_FILE'] ?? join(home, 'config'),
      process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, 'credentials'),
    ].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const source = metadataSourceOf(profile, files.join('\n'));
  if (source === null) return;
  throw new Failure(
    'refused',
    `The AWS profile “${profile}” takes its credentials from ${source}, a metadata address, which Countersign never connects to. Use a profile with keys, SSO, web identity or credential_process.`,
  );
}

/** `Ec2InstanceMetadata` or `EcsContainer` where a profile, or one that it builds on, asks the machine; else null. */
export function metadataSourceOf(profile: string, text: string): string | null {
  const sections = sectionsOf(text);
  const visited = new Set<string>();
  for (let name: string | undefined = profile; name !== undefined && !visited.has(name); ) {
    visited.add(name);
    const source: string | undefined = sections.get(name)?.get('credential_source');
    if (source !== undefined && source !== 'Environment') return source;
    name = sections.get(name)?.get('source_profile');
  }
  return null;
}

function sectionsOf(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1];
    if (name !== undefined) {
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      continue;
    }
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) current.set(key, value);
  }
  return sections;
}
