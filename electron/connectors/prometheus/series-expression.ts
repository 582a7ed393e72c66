import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { podsOfWorkload } from '../pod-name.ts';
import { type Convention, GATHERED } from './conventions/convention.ts';
import { withinScope } from './metric-scope.ts';
import { quoted } from './quoted.ts';
import { labelName } from './quoted-names.ts';
import { type Grid, queryOf } from './service-metrics.ts';

type Told = Pick<MetricSeries, 'service' | 'name' | 'labels'>;

/** Whether a series can come from a convention: the same metric, cut into the same cohorts. */
export const tellsOf = ({ name, labels = {} }: Convention, series: Told): boolean =>
  name === series.name &&
  Object.keys(labels).length === Object.keys(series.labels).length &&
  Object.keys(labels).every((label) => Object.hasOwn(series.labels, label));

/** The query of a convention, narrowed to one service and cohort, as a person can paste it into a console. */
export function expressionFor(convention: Convention, { service, labels }: Told, grid: Grid): string {
  const query = queryOf(convention, grid);
  if (convention.service === GATHERED) return withGathered(query, service);
  const cohort = Object.entries(convention.labels ?? {}).map(
    ([ours, theirs]) => `${labelName(theirs)}=${quoted(labels[ours] ?? '')}`,
  );
  if (convention.ofPods === undefined)
    return withinScope(query, [`${labelName(convention.service)}=${quoted(service)}`, ...cohort]);
  const ofPods = withinScope(query, [`${labelName(convention.service)}=~${quoted(podsOfWorkload(service))}`]);
  return convention.ofPods === 'highest' ? `max(${ofPods})` : `avg(${ofPods})`;
}

const withGathered = (query: string, service: string): string =>
  `(${query}) and on (${GATHERED}) label_replace(vector(1), "${GATHERED}", ${quoted(service.replaceAll('$', '$$$$'))}, "", "")`;
