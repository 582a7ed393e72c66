import { Failure } from '../../platform/failure.ts';
import type { Window } from '../source.ts';
import type { PrometheusApi } from './api.ts';
import { conventionMetrics } from './conventions/all.ts';
import { areClassic, labelName, selector } from './quoted-names.ts';

type Asks = Pick<PrometheusApi, 'existing' | 'instant'>;

/**
 * Which metrics of the conventions are there and can be asked for. Some engines keep names with dots and cannot read them
 * quoted (VictoriaMetrics before 1.117): such a name would fail every question, so it is left out and told of.
 */
export function namesThere(api: Asks) {
  let unread: readonly string[] = [];
  return {
    async existing(window: Window, signal: AbortSignal): Promise<Set<string>> {
      const known = await api.existing(conventionMetrics, window, signal);
      const dotted = [...known].filter((name) => !areClassic([name]));
      unread = dotted.length === 0 || (await understandsQuotes(api, window, signal)) ? [] : dotted;
      return known.difference(new Set(unread));
    },
    /** What is not read, for the status; null where everything is. */
    sentence(): string | null {
      const [first] = unread;
      if (first === undefined) return null;
      return `It holds metrics such as ${first} and cannot read names in quotes, as Prometheus does since 3.0 and VictoriaMetrics since 1.117: they are not read.`;
    },
  };
}

/** Both places of a quoted name, in a question that costs nothing: no series is called so. */
async function understandsQuotes(api: Asks, { toMs }: Window, signal: AbortSignal): Promise<boolean> {
  const name = 'countersign.none';
  const query = `count by (${labelName(name)}) (${selector(name, [`${labelName(name)}="none"`])})`;
  try {
    await api.instant(query, toMs, signal);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'bad_input') return false;
    throw error;
  }
}
