import { type Labels, nameOf, serviceOf, severityOf, summaryOf } from './alert-labels.ts';
import { alertQuery } from './alert-query.ts';
import { bounded } from './bounded.ts';
import type { Alert } from './source.ts';

/** An alert as Alertmanager has it, whether it is asked or tells of it. */
export type AlertTold = {
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  generatorURL?: string | undefined;
};

export function toldAlert(told: AlertTold, groups: string[]): Alert {
  const { fingerprint, labels, annotations, startsAt, generatorURL } = told;
  const expression = expressionIn(generatorURL ?? '');
  return {
    fingerprint,
    name: nameOf(labels),
    severity: severityOf(labels),
    service: serviceOf(labels),
    labels,
    summary: summaryOf(labels, annotations),
    startedMs: Date.parse(startsAt),
    ...(expression ? { query: alertQuery(expression) } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    raw: JSON.stringify(told),
  };
}

/** Such as `alertname=HighErrorRate, service=checkout`. */
export function groupWords(labels: Labels): string {
  const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return bounded(words.join(', ') || 'all alerts', 200);
}

/** Prometheus links an alert to its expression; whoever else sends alerts links to something else, or to nothing. */
function expressionIn(link: string): string | null {
  return URL.canParse(link) ? new URL(link).searchParams.get('g0.expr') : null;
}
