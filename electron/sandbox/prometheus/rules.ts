import type { AlertRule } from '../scenario/topology.ts';
import { keyOf, type Labels } from './labels.ts';
import { evaluate } from './promql/evaluate.ts';
import type { Expr } from './promql/expr.ts';
import { reachOf, selectorsIn } from './promql/reach.ts';
import { parseQuery } from './promql/syntax.ts';
import type { SeriesStore } from './series-store.ts';

export type Alert = {
  rule: AlertRule;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: 'pending' | 'firing';
  /** Since when the expression holds. */
  activeAtMs: number;
  firedAtMs: number | null;
  value: number;
};

export type RuleEngine = {
  /** Evaluates every rule at the time of the last scrape. */
  evaluate(atMs: number): void;
  alerts(): readonly Alert[];
  rules: readonly AlertRule[];
  lastEvaluationMs(): number;
  /**
   * Whether a rule's expression held at a scrape from then on. Only every fourth is looked at, which misses nothing that held
   * for a minute; and none at which the rules had less of a past than they look back on.
   */
  everHeld(fromMs: number): boolean;
};

const scrapesApart = 4;

/** How far back the rules look, all told: with less of a past some could not hold. */
export const rulesReach = (rules: readonly AlertRule[]): number =>
  Math.max(0, ...rules.map((rule) => reachOf(exprOf(rule))));

/** Whether every metric that the rules read has a name like this. */
export const readNothingBut = (rules: readonly AlertRule[], names: RegExp): boolean =>
  rules.every((rule) =>
    selectorsIn(exprOf(rule)).every(({ matchers }) =>
      matchers.some(({ label, op, value }) => label === '__name__' && op === '=' && names.test(value)),
    ),
  );

/** Alerting rules with `for`, as Prometheus keeps them: pending while the expression holds, firing when it held long enough. */
export function ruleEngine(rules: readonly AlertRule[], store: SeriesStore): RuleEngine {
  const parsed = rules.map((rule) => ({ rule, expr: exprOf(rule) }));
  const active = new Map<string, Alert>();
  let lastMs = 0;

  return {
    rules,
    alerts: () => [...active.values()],
    lastEvaluationMs: () => lastMs,
    everHeld(fromMs) {
      const times = store.times().subarray(0, store.scrapes());
      const knownMs = Math.max(fromMs, (times[0] ?? 0) + rulesReach(rules));
      const looked = times.filter(
        (atMs, at) => atMs >= knownMs && (times.length - 1 - at) % scrapesApart === 0,
      );
      return parsed.some(({ expr }) => {
        const value = evaluate(expr, store, looked);
        return value.type === 'vector' && value.rows.some((row) => row.present.includes(1));
      });
    },
    evaluate(atMs) {
      lastMs = atMs;
      const seen = new Set<string>();
      for (const { rule, expr } of parsed) {
        for (const { labels, value } of holding(expr, store, atMs)) {
          const { __name__: _name, ...own } = labels;
          const alertLabels = { alertname: rule.alert, ...own, ...filled(rule.labels, own, value) };
          const key = keyOf(alertLabels);
          seen.add(key);
          const known = active.get(key);
          const activeAtMs = known?.activeAtMs ?? atMs;
          const fires = atMs - activeAtMs >= rule.forSeconds * 1_000;
          active.set(key, {
            rule,
            labels: alertLabels,
            annotations: filled(rule.annotations, own, value),
            state: fires ? 'firing' : 'pending',
            activeAtMs,
            firedAtMs: known?.firedAtMs ?? (fires ? atMs : null),
            value,
          });
        }
      }
      for (const key of active.keys()) if (!seen.has(key)) active.delete(key);
      for (const alert of active.values()) {
        const labels = { __name__: 'ALERTS', ...alert.labels, alertstate: alert.state };
        store.set(store.series(labels), 1);
      }
    },
  };
}

/** The same object for the same rule: a world is lived more than once, and what its rules group by is worked out once. */
function exprOf(rule: AlertRule): Expr {
  const expr = exprs.get(rule) ?? parseQuery(rule.expr);
  exprs.set(rule, expr);
  return expr;
}

const exprs = new WeakMap<AlertRule, Expr>();

function holding(expr: Expr, store: SeriesStore, atMs: number): { labels: Labels; value: number }[] {
  const value = evaluate(expr, store, Float64Array.of(atMs));
  if (value.type !== 'vector') return [];
  return value.rows
    .filter((row) => row.present[0])
    .map((row) => ({ labels: row.labels, value: row.values[0] ?? Number.NaN }));
}

/** The part of Prometheus' templates that alert rules commonly use. */
function filled(
  texts: Readonly<Record<string, string>>,
  labels: Labels,
  value: number,
): Record<string, string> {
  const fill = (text: string) =>
    text.replaceAll(
      /\{\{\s*\$(labels\.(\w+)|value)\s*(\|\s*(\w+)\s*)?\}\}/g,
      (_all, what: string, label: string, _pipe, format) => {
        if (what !== 'value') return labels[label] ?? '';
        return format === 'humanizePercentage'
          ? `${Number((value * 100).toPrecision(4))}%`
          : String(Number(value.toPrecision(4)));
      },
    );
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text)]));
}
