import type { PastDrill, ScenarioSummary } from '../../shared/vocabulary/drill.ts';

/** How often a person played a scenario, and how well at best. */
export type Played = { times: number; best: number };

/** The scenarios that this person has played. */
export function playedBy(person: string, past: readonly PastDrill[]): ReadonlyMap<string, Played> {
  const played = new Map<string, Played>();
  for (const one of past) {
    if (one.person !== person) continue;
    const { times, best } = played.get(one.scenario) ?? { times: 0, best: 0 };
    played.set(one.scenario, { times: times + 1, best: Math.max(best, one.score) });
  }
  return played;
}

/** The scenarios that hold every word that was typed, of a difficulty if one was chosen, easy ones first. */
export function matching(
  scenarios: readonly ScenarioSummary[],
  { words, difficulty }: { words: string; difficulty: number | null },
): ScenarioSummary[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return scenarios
    .filter((one) => difficulty === null || one.difficulty === difficulty)
    .filter(({ name, title, story }) => {
      const text = `${name} ${title} ${story}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .toSorted((a, b) => a.difficulty - b.difficulty || a.title.localeCompare(b.title));
}
