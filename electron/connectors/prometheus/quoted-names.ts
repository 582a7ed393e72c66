import { quoted } from './quoted.ts';

/**
 * Names in PromQL. Since Prometheus 3 they are any UTF-8, and those that are no identifier stand in quotes
 * (https://prometheus.io/docs/guides/utf8/#querying). Identifiers stay without: older servers know nothing else.
 */
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Identifiers by their letters that are no metric where they stand alone, but a number or a clause. */
const WORDS =
  /^(and|atan2|bool|by|group_left|group_right|ignoring|inf|nan|offset|on|or|unless|without|start|end)$/i;

const isMetric = (name: string): boolean => METRIC.test(name) && !WORDS.test(name);

/** A label as it stands in a matcher or in `by (…)`. */
export const labelName = (name: string): string => (LABEL.test(name) ? name : quoted(name));

/** A metric by its name, with matchers as PromQL has them. */
export function selector(metric: string, matchers: readonly string[] = []): string {
  if (!isMetric(metric)) return `{${[quoted(metric), ...matchers].join(',')}}`;
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(',')}}`;
}

/** Whether all names are known to servers before Prometheus 3. */
export const areClassic = (metrics: readonly string[]): boolean => metrics.every((name) => METRIC.test(name));
