import { useEffect, useRef, useState } from 'react';
import type { MetricsOverview } from '../../shared/vocabulary/chart.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call, messageOf } from '../state/call.ts';
import { useRoom } from '../state/room.ts';

/** New samples are read at most this often, however often the host says that there are some. */
const REREAD_MS = 2_000;

/** What can be charted, read again when the host says that there are new samples; `version` counts the readings. */
export function useOverview(incident: Incident) {
  const version = useRoom((room) => room.metricsVersion) ?? 0;
  const [read, setRead] = useState<{ overview: MetricsOverview; version: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [wish, setWish] = useState({ version, tries: 0 });

  const newest = useRef(version);
  newest.current = version;
  const behind = wish.version !== version;
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => setWish((before) => ({ ...before, version: newest.current })), REREAD_MS);
    return () => clearTimeout(timer);
  }, [behind]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish is one reading.
  useEffect(() => {
    let stale = false;
    call('metrics.overview', { incident: incident.id })
      .then((overview) => {
        if (stale) return;
        setRead((before) => ({ overview, version: (before?.version ?? 0) + 1 }));
        setProblem(null);
      })
      .catch((error: unknown) => {
        if (!stale) setProblem(messageOf(error));
      });
    return () => {
      stale = true;
    };
  }, [incident.id, wish]);

  const again = () => setWish(({ tries }) => ({ version, tries: tries + 1 }));
  return { read, problem, again };
}
