import { type Convention, red } from './convention.ts';

/**
 * OpenTelemetry's semantic conventions as they are exported to Prometheus: stable and former names, with the unit in the
 * name and without it (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/, …/rpc/rpc-metrics/, and
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ for how names are changed).
 */
const http = (duration: string, status: string, perSecond: 1 | 1_000) =>
  red({
    requests: `${duration}_count`,
    failed: { matchers: [`${status}=~"5.."`] },
    durations: `${duration}_bucket`,
    perSecond,
  });

/** Codes that are the server's fault (https://opentelemetry.io/docs/specs/semconv/rpc/grpc/): numbers, lately names. */
const FAULTS = '2|4|12|13|14|15|UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS';

const rpc = (duration: string, status: string, perSecond: 1 | 1_000) =>
  red({
    requests: `${duration}_count`,
    failed: { matchers: [`${status}=~"${FAULTS}"`] },
    durations: `${duration}_bucket`,
    perSecond,
  });

export const openTelemetry: readonly Convention[] = [
  ...http('http_server_request_duration_seconds', 'http_response_status_code', 1),
  ...http('http_server_request_duration', 'http_response_status_code', 1),
  ...http('http_server_duration_milliseconds', 'http_status_code', 1_000),
  ...http('http_server_duration', 'http_status_code', 1_000),
  ...rpc('rpc_server_call_duration_seconds', 'rpc_response_status_code', 1),
  ...rpc('rpc_server_call_duration', 'rpc_response_status_code', 1),
  ...rpc('rpc_server_duration_milliseconds', 'rpc_grpc_status_code', 1_000),
  ...rpc('rpc_server_duration', 'rpc_grpc_status_code', 1_000),
];
