import type { Event } from '../../../shared/vocabulary/event.ts';
import type { Topology } from '../../../shared/vocabulary/topology.ts';
import type { ClaimFacts } from './ceiling.ts';

/** What a run has read so far, as far as confidence depends on it. */
export type SeenReads = Omit<ClaimFacts, 'ceilingFactor' | 'unseenBehind'> & {
  add(read: SeenRead): void;
};

export type SeenRead = {
  id: string;
  tool: string;
  input: object;
  result: object;
  /** The service whose revisions it shows with their differences. */
  showsDiffOf: string | undefined;
};

/** Lists in which a cause stands among many others say nothing of it directly. */
const LISTS: ReadonlySet<string> = new Set([
  'list_candidates',
  'search_timeline',
  'list_alerts',
  'read_topology',
  'past_incidents',
]);

/** `events` are asked for when something is judged, not when it is read: more come while a run goes on. */
export function seenReads(ports: {
  events(): readonly Event[];
  readText(id: string): string | undefined;
}): SeenReads {
  const lists = new Set<string>();
  const asked = new Map<string, string>();
  const rollouts = new Set<string>();
  const differences = new Set<string>();
  const eventOf = (change: string) => ports.events().find(({ key }) => key === change);

  return {
    add({ id, tool, input, result, showsDiffOf }) {
      if (LISTS.has(tool)) lists.add(id);
      asked.set(id, JSON.stringify(input));
      if (showsDiffOf !== undefined) rollouts.add(showsDiffOf);
      if (tool === 'read_change' && 'change' in input && saysWhat(result)) {
        differences.add(String(input.change));
      }
    },
    isDirect(read, cause) {
      if (lists.has(read)) return false;
      if (cause === null) return true;
      const names = [cause, eventOf(cause)?.service ?? null].filter((name) => name !== null);
      const told = `${asked.get(read) ?? ''} ${ports.readText(read) ?? ''}`;
      return names.some((name) => told.includes(JSON.stringify(name)));
    },
    diffWasRead(change) {
      if (differences.has(change)) return true;
      const event = eventOf(change);
      return event?.kind === 'change' && event.change === 'deploy' && rollouts.has(event.service ?? '');
    },
  };
}

const saysWhat = (result: object) => 'diff' in result && Array.isArray(result.diff) && result.diff.length > 0;

/** What a service calls and of which nothing is measured. */
export async function unmeasuredCallees(
  services: Iterable<string>,
  { calls }: Topology,
  isMeasured: (service: string) => Promise<boolean>,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const service of new Set(services)) {
    const callees = [...new Set(calls.filter(({ from }) => from === service).map(({ to }) => to))];
    const measured = await Promise.all(callees.map(isMeasured));
    found.set(
      service,
      callees.filter((_callee, index) => !measured[index]),
    );
  }
  return found;
}
