import type { Topology } from '../scenario/topology.ts';

/** For each service, how many calls lie between it and the nearest entry; without those that no request can reach. */
export function distances({ services }: Pick<Topology, 'services'>): Map<string, number> {
  const byName = new Map(services.map((service) => [service.name, service]));
  const found = new Map<string, number>();
  let reached = services.filter(({ entryRps }) => entryRps !== undefined).map(({ name }) => name);
  for (let distance = 0; reached.length > 0; distance++) {
    for (const name of reached) found.set(name, distance);
    const next = reached.flatMap((name) => (byName.get(name)?.calls ?? []).map(({ to }) => to));
    reached = [...new Set(next)].filter((name) => !found.has(name));
  }
  return found;
}
