import { useEffect } from 'react';
import { create } from 'zustand';
import { call } from './call.ts';
import { useHost } from './host.ts';

const useKnown = create<{ causes: ReadonlyMap<string, string> }>(() => ({ causes: new Map() }));

/**
 * The confirmed causes by incident, read again whenever one is closed or the host was away. A failure leaves what was read before: they stand
 * beside a list that tells of its own failures.
 */
export function useCauses(): ReadonlyMap<string, string> {
  const closed = useHost(
    ({ incidents }) => incidents?.filter(({ status }) => status === 'closed').length ?? 0,
  );
  const readings = useHost((host) => host.readings);
  // biome-ignore lint/correctness/useExhaustiveDependencies: how many are closed is the sign that there may be more.
  useEffect(() => {
    call('incidents.causes', {}).then(
      (all) =>
        useKnown.setState({ causes: new Map(all.map(({ incident, inWords }) => [incident, inWords])) }),
      () => undefined,
    );
  }, [closed, readings]);
  return useKnown(({ causes }) => causes);
}
