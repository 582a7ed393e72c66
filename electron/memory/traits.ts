import { type Candidates, isOfWhole } from '../../shared/vocabulary/candidate.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Traits } from '../../shared/vocabulary/memory.ts';

/** What is looked at of an incident, live or closed. */
export type Seen = { title: string; events: readonly Event[]; candidates: Candidates | null };

const MOST_SERVICES = 40;
const MOST_SIGNALS = 60;
const MOST_WORDS = 60;

/**
 * How an incident looks, as sets of terms. Notes and what Countersign recorded itself are left out: a live incident
 * would be unlike every closed one for having no conclusions yet.
 */
export function traitsOf({ title, events, candidates }: Seen): Traits {
  const gathered = gatherTraits();
  for (const event of events) gathered.add(event);
  return gathered.traits(title, candidates);
}

/**
 * The same of one incident that is looked at again and again: only what came since the last look is read, unless something
 * that was read is there no more. INVARIANT: whoever changes an event puts another object in its place.
 */
export function growingTraits(): (seen: Seen) => Traits {
  let gathered = gatherTraits();
  let read: Event[] = [];
  return ({ title, events, candidates }) => {
    const telling = events.filter(isTelling);
    const added = addedTo(read, telling);
    if (added === null) gathered = gatherTraits();
    for (const event of added ?? telling) gathered.add(event);
    read = telling;
    return gathered.traits(title, candidates);
  };
}

/** What stands in a list beside what stood in it before, in that order; null where something of that is gone. */
function addedTo<Item>(before: readonly Item[], now: readonly Item[]): Item[] | null {
  let found = 0;
  const added = now.filter((item) => {
    if (item !== before[found]) return true;
    found += 1;
    return false;
  });
  return found === before.length ? added : null;
}

/** The same of events that come one by one, in whatever order. */
export function gatherTraits() {
  const services = new Set<string>();
  const signals = new Set<string>();
  const words = new Map<string, number>();
  return {
    add(event: Event): void {
      if (!isTelling(event)) return;
      if (event.service !== null) services.add(event.service);
      signals.add(signalTerm(event));
      countWords(event.title, words);
    },
    traits(title: string, candidates: Candidates | null): Traits {
      const anomalies = (candidates?.anomalies ?? []).filter(isOfWhole);
      const worthReading = (candidates?.changes ?? []).slice(0, candidates?.worthReading ?? 0);
      const said = new Map(words);
      countWords(title, said);
      return {
        services: distinct([...anomalies.map(({ service }) => service), ...services]).slice(0, MOST_SERVICES),
        signals: distinct([
          ...anomalies.map(({ kind, direction }) => `${kind.replaceAll('_', ' ')} ${direction}`),
          ...signals,
        ]).slice(0, MOST_SIGNALS),
        changeKinds: distinct(worthReading.map(({ kind }) => kind)),
        words: mostSaid(said),
      };
    },
  };
}

const isTelling = (event: Event): boolean => event.kind === 'signal' && event.sort !== 'metric';

function signalTerm(signal: Event): string {
  const { labels } = signal;
  const sort = 'sort' in signal ? signal.sort : signal.kind;
  const name = labels?.['alertname'] ?? labels?.['reason'];
  return (name === undefined ? sort : `${sort} ${name}`).slice(0, 100);
}

/** Each word of a text once, in lower case; numbers, single letters and the commonest words tell nothing. */
function countWords(text: string, counts: Map<string, number>): void {
  for (const word of new Set(text.toLowerCase().match(WORD) ?? [])) {
    if (!COMMON.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
}

const mostSaid = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts]
    .sort(([a, often], [b, other]) => other - often || (a < b ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word]) => word);

const WORD = /\p{L}[\p{L}\p{N}_-]{2,39}/gu;
const COMMON: ReadonlySet<string> = new Set(
  'and are above below for from has have high into less more new not now over per than that the this was were will with'.split(
    ' ',
  ),
);

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)].sort();
