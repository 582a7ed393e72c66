import { useEffect, useState } from 'react';
import type { CurrentIdentity, Identities } from '../../shared/vocabulary/identity.ts';
import { call, messageOf } from './call.ts';
import { useHost, useStatus } from './host.ts';

/** The person at the controls; null before the status came. */
export const useCurrentIdentity = (): CurrentIdentity | null =>
  useHost(({ status }) => status?.identity ?? null);

/** Everybody who decides here, read again whenever somebody takes over, is taken in or is locked out. */
export function useIdentities(): { known: Identities | null; problem: string | null; read(): void } {
  const [known, setKnown] = useState<Identities | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const identity = useStatus()?.identity;
  const read = () => {
    call('identity.list', {})
      .then((identities) => {
        setKnown(identities);
        setProblem(null);
      })
      .catch((error: unknown) => setProblem(messageOf(error)));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is listed changes with them
  useEffect(read, [identity?.id, identity?.name, identity?.state]);
  return { known, problem, read };
}
