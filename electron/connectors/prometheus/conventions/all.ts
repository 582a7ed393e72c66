import { applications } from './applications.ts';
import type { Convention } from './convention.ts';
import { envoy } from './envoy.ts';
import { istio } from './istio.ts';
import { pressureOnPods, replicasThere } from './kubernetes.ts';
import { nginx } from './nginx.ts';
import { nodeExporter } from './node-exporter.ts';
import { openTelemetry } from './open-telemetry.ts';
import { scrapes } from './scrapes.ts';

/**
 * In order of precedence: where two tell the same metric of the same service, the upper one is taken. A mesh sees every
 * call, an application itself, a proxy what passes it. A service without requests has no error rate and no latency (0/0 is
 * no sample).
 */
export const conventions: readonly Convention[] = [
  ...istio,
  ...applications,
  ...openTelemetry,
  ...envoy,
  ...nginx,
  ...pressureOnPods,
  ...replicasThere,
  ...nodeExporter,
  ...scrapes,
];

/** Every metric name that tells whether a convention applies. */
export const conventionMetrics: readonly string[] = [
  ...new Set(conventions.flatMap(({ metrics }) => metrics)),
];
