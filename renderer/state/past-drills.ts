import { useEffect } from 'react';
import { create } from 'zustand';
import type { PastDrill } from '../../shared/vocabulary/drill.ts';
import { call } from './call.ts';
import { useHost } from './host.ts';

type PastDrills = { all: readonly PastDrill[] };

const usePast = create<PastDrills>(() => ({ all: [] }));

/**
 * Drills that have a debrief, in the order they ended; read again whenever a drill begins or ends, or the host was
 * away. A failure leaves what
 * was read before: they are a convenience beside lists that tell of their own failures.
 */
export function usePastDrills(): readonly PastDrill[] {
  const playing = useHost(({ status }) => status?.drill?.incident ?? null);
  const readings = useHost((host) => host.readings);
  // biome-ignore lint/correctness/useExhaustiveDependencies: which drill is played is the sign that there may be more.
  useEffect(() => {
    call('drills.past', {}).then(
      (all) => usePast.setState({ all }),
      () => undefined,
    );
  }, [playing, readings]);
  return usePast(({ all }) => all);
}
