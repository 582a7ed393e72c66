import { badParameter } from './parameters.ts';
import { exponentText } from './promql/go-number.ts';
import type { Alert, RuleEngine } from './rules.ts';

/** Answers `/api/v1/alerts`. */
export const tellAlerts = (engine: RuleEngine) => ({ alerts: engine.alerts().map(alertOf) });

/** Answers `/api/v1/rules`; there are alerting rules only. */
export function tellRules(parameters: URLSearchParams, engine: RuleEngine) {
  const type = (parameters.get('type') ?? '').toLowerCase();
  if (!['', 'alert', 'record'].includes(type)) {
    badParameter('type', `not supported value ${JSON.stringify(type)}`);
  }
  if (engine.rules.length === 0) return { groups: [] };
  const group = {
    name: 'services',
    file: '/etc/prometheus/rules/services.yaml',
    rules: type === 'record' ? [] : rulesOf(engine),
    interval: 15,
    limit: 0,
    evaluationTime: 0.001,
    lastEvaluation: new Date(engine.lastEvaluationMs()).toISOString(),
  };
  return { groups: [group] };
}

function rulesOf(engine: RuleEngine) {
  const lastEvaluation = new Date(engine.lastEvaluationMs()).toISOString();
  return engine.rules.map((rule) => {
    const alerts = engine.alerts().filter((alert) => alert.rule === rule);
    const pending = alerts.length > 0 ? 'pending' : 'inactive';
    return {
      state: alerts.some(({ state }) => state === 'firing') ? 'firing' : pending,
      name: rule.alert,
      query: rule.expr.trim().replaceAll(/\s+/g, ' '),
      duration: rule.forSeconds,
      keepFiringFor: 0,
      labels: rule.labels,
      annotations: rule.annotations,
      alerts: alerts.map(alertOf),
      health: 'ok',
      evaluationTime: 0.0005,
      lastEvaluation,
      type: 'alerting',
    };
  });
}

const alertOf = (alert: Alert) => ({
  labels: alert.labels,
  annotations: alert.annotations,
  state: alert.state,
  activeAt: new Date(alert.activeAtMs).toISOString(),
  value: exponentText(alert.value),
});
