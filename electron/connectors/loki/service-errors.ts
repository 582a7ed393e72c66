import type { Window } from '../source.ts';
import type { LokiApi, Stream } from './api.ts';
import { type Spike, STEP_MS, spikesIn } from './error-spikes.ts';
import { namespaceIn } from './stream-labels.ts';

/** How many error lines a service wrote in each step, by the end of the step. */
export type ServiceErrors = { name: string; namespace: string; counts: Map<number, number> };
export type Found = { service: ServiceErrors; spike: Spike };
export type CountedRows = Awaited<ReturnType<LokiApi['counts']>>;

/** What a label with a value for each request makes of a log must not fill the memory. */
export const MOST_SERVICES = 2_000;

/** The error counts of the services that may be read, at most `MOST_SERVICES` of them at a time. */
export function serviceErrors(mayRead: (namespace: string) => boolean) {
  const services = new Map<string, ServiceErrors>();
  /** Of the rows counted last. */
  let leftOut = 0;

  /** The service of a row; null where it may not be read, names none or is one too many. */
  function serviceOf(labels: Record<string, string>, label: string): ServiceErrors | null {
    const name = labels[label];
    const namespace = namespaceIn(labels);
    if (!name || !mayRead(namespace)) return null;
    const id = JSON.stringify([namespace, name]);
    const known = services.get(id);
    if (known) return known;
    if (services.size >= MOST_SERVICES) return null;
    const service = { name, namespace, counts: new Map() };
    services.set(id, service);
    return service;
  }

  return {
    /** What Loki counted stands. */
    take(rows: CountedRows, label: string): void {
      leftOut = 0;
      for (const { labels, points } of rows) {
        const service = serviceOf(labels, label);
        if (service === null && labels[label] && mayRead(namespaceIn(labels))) leftOut += 1;
        for (const { atMs, value } of points) if (Number.isFinite(value)) service?.counts.set(atMs, value);
      }
    },

    /** Lines as they are written, counted as Loki counts them: each with the step that it is in, those after a time alone. */
    takeLines(streams: readonly Stream[], label: string, afterMs: number): void {
      for (const { labels, lines } of streams) {
        const service = serviceOf(labels, label);
        for (const { atMs } of lines) {
          const step = Math.ceil(atMs / STEP_MS) * STEP_MS;
          if (step > afterMs) service?.counts.set(step, (service.counts.get(step) ?? 0) + 1);
        }
      }
    },

    spikes: ({ fromMs, toMs }: Window): Found[] =>
      [...services.values()]
        .filter(({ namespace }) => mayRead(namespace))
        .flatMap((service) => spikesIn(service.counts, fromMs, toMs).map((spike) => ({ service, spike }))),

    /** How many services with errors were too many when they were counted last. */
    leftOut: () => leftOut,

    forget(beforeMs: number): void {
      for (const [id, { counts }] of services) {
        for (const atMs of counts.keys()) if (atMs < beforeMs) counts.delete(atMs);
        if (counts.size === 0) services.delete(id);
      }
    },
  };
}
