import { type Call, inCallOrder, type ServiceSpec } from '../scenario/topology.ts';
import { latencySpread } from '../world/duration.ts';
import { slowdown } from '../world/queueing.ts';

/** Requests a second at the middle of an ordinary day, with warm caches and nothing retried. */
export function ordinaryLoad(services: readonly ServiceSpec[]): Map<string, number> {
  const load = new Map(services.map(({ name, entryRps = 0 }) => [name, entryRps]));
  for (const service of inCallOrder(services))
    for (const call of service.calls)
      load.set(call.to, (load.get(call.to) ?? 0) + (load.get(service.name) ?? 0) * perRequestOf(call));
  return load;
}

/** Mean time of a whole answer, in milliseconds, under that load. */
export function ordinaryLatency(
  services: readonly ServiceSpec[],
  load: ReadonlyMap<string, number>,
): Map<string, number> {
  const latency = new Map<string, number>();
  for (const service of inCallOrder(services).reverse()) {
    const own = service.latencyMs * slowdown(busyShareOf(service, load.get(service.name) ?? 0));
    const waited = service.calls
      .filter(({ queue }) => queue === undefined)
      .map((call) => perRequestOf(call) * call.serial * (latency.get(call.to) ?? 0));
    latency.set(
      service.name,
      waited.reduce((sum, ms) => sum + ms, own),
    );
  }
  return latency;
}

/** Share of its CPU that a service needs for so many requests a second. A provider's is its own affair. */
export const busyShareOf = (service: ServiceSpec, rps: number): number =>
  service.kind === 'provider' ? 0 : (rps * service.workMs) / (service.replicas * service.cpu * 1_000);

/** Calls made for a request while caches are warm. */
export const perRequestOf = ({ perRequest, cached }: Call): number => perRequest * (1 - cached);

/** One request in a hundred takes longer than this multiple of the mean (durations are log-normal). */
export const p99OfMean = Math.exp(2.326 * latencySpread - (latencySpread * latencySpread) / 2);
