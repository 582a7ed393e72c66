import type { CurrentIdentity, Identities } from '../../shared/vocabulary/identity.ts';
import { call } from './call.ts';
import { useHost, useStatus } from './host.ts';
import { type Reading, useRead } from './use-read.ts';

/** The person at the controls; null before the status came. */
export const useCurrentIdentity = (): CurrentIdentity | null =>
  useHost(({ status }) => status?.identity ?? null);

/** Everybody who decides here, read again whenever somebody takes over, is taken in or is locked out. */
export function useIdentities(): Reading<Identities> {
  const identity = useStatus()?.identity;
  const who = [identity?.id, identity?.name, identity?.state].join(' ');
  return useRead('identities', () => call('identity.list', {}), who);
}
