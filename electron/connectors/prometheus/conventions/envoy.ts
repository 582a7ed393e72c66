import { type Convention, gathered, type Naming, namedBy, red } from './convention.ts';

/**
 * Envoy's own statistics of each cluster that it calls
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/upstream/cluster_manager/cluster_stats). A cluster is named as
 * whoever configured it names it: `checkout`, `outbound|8080||checkout.shop.svc.cluster.local` (Istio) or
 * `shop/checkout/80/da39a3ee5e` (Contour).
 */
const naming: readonly Naming[] = [{ label: 'envoy_cluster_name', part: '(?:.*[|][|]|[^/]+/)?([^./|]+).*' }];

/** What Envoy talks to for itself, and what is many hosts at once. */
const only =
  'envoy_cluster_name!~"inbound[|].*|xds.*|sds.*|agent|prometheus_stats|zipkin|.*PassthroughCluster.*|BlackHoleCluster"';

export const envoy: readonly Convention[] = [
  ...red({
    requests: 'envoy_cluster_upstream_rq_total',
    failed: { counter: 'envoy_cluster_upstream_rq_xx', matchers: ['envoy_response_code_class="5"'] },
    durations: 'envoy_cluster_upstream_rq_time_bucket',
    perSecond: 1_000,
    only,
    naming,
  }),
  {
    metrics: ['envoy_cluster_membership_healthy', 'envoy_cluster_membership_total'],
    ...namedBy(naming),
    name: 'availability',
    kind: 'availability',
    unit: 'ratio',
    query: `${gathered('sum', `envoy_cluster_membership_healthy{${only}}`, '', naming)} / ${gathered('sum', `envoy_cluster_membership_total{${only}}`, '', naming)}`,
  },
];
