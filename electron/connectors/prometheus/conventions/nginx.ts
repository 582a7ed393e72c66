import { byService, type Convention, gathered, type Naming, namedBy, red } from './convention.ts';

/** ingress-nginx tells of the Service behind it; what was scraped may have a `service` of its own. */
const ofIngress: readonly Naming[] = ['service', 'exported_service'].map((label) => ({
  label,
  part: '(.+)',
}));
const ofUpstream: readonly Naming[] = [{ label: 'upstream', part: '(.+)' }];
const ofServer: readonly Naming[] = [{ label: 'job', part: '(?:.*/)?(.+)' }];
const accepted = byService('rate(nginx_connections_accepted[$window])', '', ofServer);
const handled = byService('rate(nginx_connections_handled[$window])', '', ofServer);

export const nginx: readonly Convention[] = [
  // https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/#exposed-metrics
  ...red({
    requests: 'nginx_ingress_controller_requests',
    failed: { matchers: ['status=~"5.."'] },
    durations: 'nginx_ingress_controller_request_duration_seconds_bucket',
    naming: ofIngress,
  }),

  // https://github.com/nginx/nginx-prometheus-exporter: of NGINX Plus each upstream, of NGINX the server as a whole.
  ...red({
    requests: 'nginxplus_upstream_server_requests',
    failed: { counter: 'nginxplus_upstream_server_responses', matchers: ['code="5xx"'] },
    naming: ofUpstream,
  }),
  {
    metrics: ['nginxplus_upstream_server_response_time'],
    ...namedBy(ofUpstream),
    name: 'latency_mean',
    kind: 'latency',
    unit: 's',
    query: `${gathered('avg', 'nginxplus_upstream_server_response_time', '', ofUpstream)} / 1000`,
  },
  ...red({ requests: 'nginx_http_requests_total', naming: ofServer }),
  {
    metrics: ['nginx_connections_accepted', 'nginx_connections_handled'],
    ...namedBy(ofServer),
    name: 'dropped_connections',
    kind: 'error_rate',
    unit: 'ratio',
    query: `(${accepted} - ${handled}) / ${accepted}`,
  },
  {
    metrics: ['nginx_up'],
    ...namedBy(ofServer),
    name: 'availability',
    kind: 'availability',
    unit: 'ratio',
    query: gathered('avg', 'nginx_up', '', ofServer),
  },

  // https://github.com/vozlt/nginx-module-vts
  ...red({
    requests: 'nginx_vts_upstream_requests_total',
    failed: { matchers: ['code="5xx"'] },
    durations: 'nginx_vts_upstream_response_duration_seconds_bucket',
    only: 'upstream!="::nogroups",code!="total"',
    naming: ofUpstream,
  }),
];
