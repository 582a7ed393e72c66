import { Failure } from '../../platform/failure.ts';
import { Refused } from '../../platform/http-reply.ts';
import { seriesParts } from './series-parts.ts';
import { byTurns } from './wide-queries.ts';

/** Into how many parts series are cut, and how often those that are still too much are cut again. */
const PARTS = 4;
const MOST_LEVELS = 2;

export type PartedAnswer = {
  names: string[];
  /** How often the series had to be cut, for the next time to begin there. */
  level: number;
  /** Why some of the series could not be asked about; null where all were. */
  missed: Failure | null;
};

/**
 * Asks about all series, and where that is too much for the engine, about parts of them. INVARIANT: what one part could not
 * tell is said, and takes nothing away from what the others told.
 */
export async function askInParts(of: {
  /** One question, about the series that fit these matchers. */
  ask(matchers: readonly string[]): Promise<string[]>;
  /** A label by which the series can be cut, with its values. */
  cutBy(): Promise<{ label: string; values: readonly string[] }>;
  level: number;
}): Promise<PartedAnswer> {
  let level = of.level;
  let missed: Failure | null = null;
  let cut: ReturnType<typeof of.cutBy> | undefined;

  async function tried(matchers: readonly string[]): Promise<string[] | Failure> {
    try {
      return await of.ask(matchers);
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }

  async function partsOf(values: readonly string[] | null) {
    try {
      cut ??= of.cutBy();
      const { label, values: all } = await cut;
      return seriesParts(label, values ?? all, PARTS);
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  }

  async function about(
    matchers: readonly string[],
    values: readonly string[] | null,
    depth: number,
  ): Promise<string[]> {
    const answer = depth < of.level ? null : await tried(matchers);
    if (Array.isArray(answer)) return answer;
    const isWorthCutting = depth < MOST_LEVELS && (answer === null || isTooMuch(answer));
    const parts = isWorthCutting ? await partsOf(values) : [];
    if (parts.length > 0) {
      level = Math.max(level, depth + 1);
      const within = parts.map((part) => about([...matchers, part.matcher], part.values, depth + 1));
      return byTurns(...(await Promise.all(within)));
    }
    const last = answer ?? (await tried(matchers));
    if (Array.isArray(last)) return last;
    missed = last;
    return [];
  }

  return { names: await about([], null, 0), level, missed };
}

/**
 * It took too long, here or there, or would load more than the engine may: Prometheus says 503 and 422 of these, what stands
 * before it 504 (https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview).
 */
export const isTooMuch = (failure: Failure): boolean =>
  failure.code === 'timeout' || (failure instanceof Refused && [422, 503, 504].includes(failure.status));
