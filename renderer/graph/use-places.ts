import { useEffect, useRef, useState } from 'react';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { layOut } from './lay-out.ts';
import { type Links, linksOf, type Places, withNewcomers } from './places.ts';

/** Above this a layout is worth a worker. */
const AT_ONCE = 100;

/** Where things stand in each picture, kept while the application runs: coming back to a place finds it as it was. */
const kept = new Map<string, Places>();
/** Pictures that are kept at most; the oldest goes first. */
const MOST_KEPT = 12;

/**
 * Where each service of a picture stands, null while a large one is being laid out. Laid out once: later only newcomers are
 * given places, unless they are more than all that stand, when nobody can have got used to the picture yet.
 */
export function usePlaces(picture: string, topology: Topology): Places | null {
  const links = useSettled(topology);
  // Counts the layouts that came back, since `kept` is no state of React.
  const [, setArrived] = useState(0);
  const standing = kept.get(picture);
  const missing = links.ids.filter((id) => !standing?.has(id)).length;
  const anew = missing > 0 && missing > links.ids.length - missing;
  const inWorker = anew && links.ids.length > AT_ONCE;

  useEffect(() => {
    if (!inWorker) return;
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    const arrive = (places: Places) => {
      keep(picture, places);
      setArrived((count) => count + 1);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<Places>) => arrive(data));
    // Where no worker can be had, a moment's pause is better than no picture.
    worker.addEventListener('error', () => arrive(layOut(links)));
    worker.postMessage(links);
    return () => worker.terminate();
  }, [inWorker, picture, links]);

  if (inWorker) return null;
  if (missing === 0) return standing ?? new Map();
  const places = anew || !standing ? layOut(links) : withNewcomers(standing, links);
  keep(picture, places);
  return places;
}

/** The same object as long as its content is the same: the host tells the topology again with each ranking. */
function useSettled(topology: Topology): Links {
  const last = useRef<{ told: Topology; key: string; links: Links } | null>(null);
  if (last.current?.told !== topology) {
    const links = linksOf(topology);
    const key = JSON.stringify(links);
    last.current = { told: topology, key, links: last.current?.key === key ? last.current.links : links };
  }
  return last.current.links;
}

function keep(picture: string, places: Places): void {
  kept.delete(picture);
  kept.set(picture, places);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}
