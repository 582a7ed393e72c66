import { parser } from '@prometheus-io/lezer-promql';
import { expect, it } from 'vitest';
import { conventions } from '../../../../electron/connectors/prometheus/conventions/all.ts';
import {
  exporters,
  exportersOfQuoted,
  expositionOf,
  shownIn,
} from '../../../fixtures/exposition/history-of.ts';

/** Everything that the exporters show. */
const shown = [...exporters, ...exportersOfQuoted].map(expositionOf).join('\n');
const metricsShown = new Set([...shownIn(shown).map(({ metric }) => metric), 'up']);
const labelsShown = new Set(
  [...shown.matchAll(/(\w+|"[^",]+")="/g)].map(([, label]) => label).concat('le', 'pod', 'job'),
);
/** Names that some of those who say what a service is called use, and others do not. */
const alternatives = ['app', 'service_name', 'nodename', 'countersign_service'];

function namesIn(query: string): { metrics: string[]; labels: string[] } {
  const metrics: string[] = [];
  const labels: string[] = [];
  parser.parse(query).iterate({
    enter(node) {
      const text = query.slice(node.from, node.to);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') metrics.push(text);
      if (node.name === 'LabelName') labels.push(text);
      if (node.name === 'QuotedLabelName') {
        // Alone between braces it is the metric; what stands before an operator or in `by (…)` is a label.
        if (node.node.parent?.name === 'LabelMatchers') metrics.push(text.slice(1, -1));
        else labels.push(text);
      }
    },
  });
  return { metrics, labels };
}

it.each(conventions.map((one) => [`${one.metrics.join(' + ')}: ${one.name}`, one] as const))(
  'asks for metrics and labels that its exporter shows, and names all of them: %s',
  (_title, { query, metrics }) => {
    const asked = namesIn(query.replaceAll('$window', '60s'));
    expect(asked.metrics).not.toEqual([]);
    for (const metric of asked.metrics) {
      expect(metricsShown, metric).toContain(metric);
      expect(metrics, metric).toContain(metric);
    }
    for (const label of asked.labels) {
      if (!alternatives.includes(label)) expect(labelsShown, label).toContain(label);
    }
  },
);
