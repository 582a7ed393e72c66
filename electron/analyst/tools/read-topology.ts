import { z } from 'zod';
import type { Candidates } from '../../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../../shared/vocabulary/topology.ts';
import { Failure } from '../../platform/failure.ts';
import { readTool } from './read-tool.ts';
import { iso } from './time-span.ts';

const MOST_NEIGHBOURS = 60;
const MOST_DEPTH = 3;

export const readTopology = readTool({
  name: 'read_topology',
  purpose:
    'Read who calls a service and whom it calls, up to three steps away, each with what left its normal there and the changes in the window.',
  source: 'topology and metrics',
  outsider: [],
  input: z.strictObject({ service: z.string(), depth: z.number().int().min(1).max(MOST_DEPTH).optional() }),
  output: z.object({
    service: z.string(),
    namespace: z.string().nullable(),
    tier: z.number().nullable(),
    neighbours: z.array(
      z.object({
        service: z.string(),
        side: z.enum(['caller', 'callee']),
        steps: z.number(),
        tier: z.number().nullable(),
        anomalies: z.number(),
        firstOnset: z.iso.datetime().nullable(),
        worst: z.string().nullable(),
        changes: z.number(),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ service, depth = 1 }, { topology, candidates, events }) {
    const known = topology();
    const own = known.services.find(({ id }) => id === service);
    if (!own && !known.calls.some(({ from, to }) => from === service || to === service))
      throw new Failure('not_found', `Nothing that is connected knows a service ${JSON.stringify(service)}`);
    const ranked = candidates();
    const changes = Map.groupBy(
      events().filter(({ kind }) => kind === 'change'),
      (event) => event.service,
    );
    const neighbours = (['callee', 'caller'] as const).flatMap((side) =>
      [...stepsFrom(known, service, side, depth)].map(([id, steps]) => ({
        service: id,
        side,
        steps,
        tier: known.services.find((one) => one.id === id)?.tier ?? null,
        ...troubleOf(ranked, id),
        changes: changes.get(id)?.length ?? 0,
      })),
    );
    neighbours.sort(
      (a, b) => a.steps - b.steps || b.anomalies - a.anomalies || (a.service < b.service ? -1 : 1),
    );
    return {
      service,
      namespace: own?.namespace ?? null,
      tier: own?.tier ?? null,
      neighbours: neighbours.slice(0, MOST_NEIGHBOURS),
      omitted: Math.max(0, neighbours.length - MOST_NEIGHBOURS),
    };
  },
  found: ({ neighbours, omitted }) => {
    const troubled = neighbours.filter(({ anomalies }) => anomalies > 0).map(({ service }) => service);
    return `${neighbours.length + omitted} neighbours${troubled.length > 0 ? `, trouble at ${troubled.slice(0, 4).join(', ')}` : ', none in trouble'}`;
  },
});

/** Services by how many calls away they are; the service itself is none of them. */
function stepsFrom(
  { calls }: Topology,
  service: string,
  side: 'caller' | 'callee',
  depth: number,
): Map<string, number> {
  const next = Map.groupBy(calls, ({ from, to }) => (side === 'callee' ? from : to));
  const found = new Map([[service, 0]]);
  let edge = [service];
  for (let steps = 1; steps <= depth; steps += 1) {
    edge = edge
      .flatMap((id) => (next.get(id) ?? []).map(({ from, to }) => (side === 'callee' ? to : from)))
      .filter((id) => !found.has(id));
    for (const id of edge) found.set(id, steps);
  }
  found.delete(service);
  return found;
}

function troubleOf(ranked: Candidates | null, service: string) {
  const own = (ranked?.anomalies ?? []).filter((anomaly) => anomaly.service === service);
  const [worst] = own.toSorted((a, b) => b.strength - a.strength);
  const firstMs = own.reduce((first, { onsetMs }) => Math.min(first, onsetMs), Number.POSITIVE_INFINITY);
  return {
    anomalies: own.length,
    firstOnset: own.length === 0 ? null : iso(firstMs),
    worst: worst?.sentence ?? null,
  };
}
