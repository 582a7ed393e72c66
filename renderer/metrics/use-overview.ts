import { useEffect, useRef, useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call, messageOf } from '../state/call.ts';
import { useRoom } from '../state/room.ts';
import { afterPaint } from '../ui/after-paint.ts';
import { freshReading, keepOverview, type Reading } from './metrics-kept.ts';

/** New samples are read at most this often, however often the host says that there are some. */
const REREAD_MS = 2_000;

/** What can be charted, read again when the host says that there are new samples; `version` counts the readings. */
export function useOverview(incident: Incident) {
  const version = useRoom((room) => room.metricsVersion) ?? 0;
  const [read, setRead] = useState<Reading | null>(() => freshReading(incident.id));
  const [problem, setProblem] = useState<string | null>(null);
  const [wish, setWish] = useState({ version, tries: 0 });

  const isFirst = useRef(true);
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
    const readNow = () =>
      call('metrics.overview', { incident: incident.id })
        .then((overview) => {
          if (stale) return;
          setRead(keepOverview(incident.id, overview));
          setProblem(null);
        })
        .catch((error: unknown) => {
          if (!stale) setProblem(messageOf(error));
        });
    // What is held already is painted first; to read what is newer then takes nothing from it.
    const isHeld = isFirst.current && freshReading(incident.id) !== null;
    isFirst.current = false;
    const leave = isHeld ? afterPaint(readNow) : undefined;
    if (!isHeld) void readNow();
    return () => {
      stale = true;
      leave?.();
    };
  }, [incident.id, wish]);

  const again = () => setWish(({ tries }) => ({ version, tries: tries + 1 }));
  return { read, problem, again };
}
