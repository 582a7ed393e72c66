import type { Handlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';

type MetricsHandlers = Pick<Handlers, 'metrics.overview' | 'metrics.charts' | 'metrics.expression'>;

/** What the charts ask. */
export function metricsCommands({ realmOfIncident }: Pick<HostParts, 'realmOfIncident'>): MetricsHandlers {
  return {
    'metrics.overview': ({ incident }) => {
      const { metrics, incidents } = realmOfIncident(incident);
      return metrics.overview(incidents.find(incident));
    },
    'metrics.charts': ({ incident, wanted }) => {
      const { metrics, incidents } = realmOfIncident(incident);
      return metrics.charts(incidents.find(incident), wanted);
    },
    'metrics.expression': async ({ incident, series }) => {
      const { metrics, incidents } = realmOfIncident(incident);
      return { expression: await metrics.expression(incidents.find(incident), series) };
    },
  };
}
