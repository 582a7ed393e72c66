import { labelName } from '../quoted-names.ts';
import { type Convention, type Naming, ofApplications, red } from './convention.ts';

/**
 * OpenTelemetry's semantic conventions as they are exported to Prometheus: stable and former names, with the unit in the
 * name and without it (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/, …/rpc/rpc-metrics/, and
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ for how names are changed).
 */
type Durations = { metric: string; status: string; failed: string; perSecond: 1 | 1_000 };

/** Codes that are the server's fault (https://opentelemetry.io/docs/specs/semconv/rpc/grpc/): numbers, lately names. */
const FAULTS = '2|4|12|13|14|15|UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS';

const httpNow = { status: 'http.response.status_code', failed: '5..', perSecond: 1 } as const;
const httpOnce = { status: 'http.status_code', failed: '5..', perSecond: 1_000 } as const;
const rpcNow = { status: 'rpc.response.status_code', failed: FAULTS, perSecond: 1 } as const;
const rpcOnce = { status: 'rpc.grpc.status_code', failed: FAULTS, perSecond: 1_000 } as const;

/** As `NoUTF8EscapingWithSuffixes` leaves them, and each without its unit as `NoTranslation` does. */
const durations: readonly Durations[] = [
  { metric: 'http.server.request.duration_seconds', ...httpNow },
  { metric: 'http.server.request.duration', ...httpNow },
  { metric: 'http.server.duration_milliseconds', ...httpOnce },
  { metric: 'http.server.duration', ...httpOnce },
  { metric: 'rpc.server.call.duration_seconds', ...rpcNow },
  { metric: 'rpc.server.call.duration', ...rpcNow },
  { metric: 'rpc.server.duration_milliseconds', ...rpcOnce },
  { metric: 'rpc.server.duration', ...rpcOnce },
];

/** Where names are not changed, an attribute of the resource that became a label keeps its dots too. */
const ofResources: readonly Naming[] = [...ofApplications, { label: 'service.name', part: '(.+)' }];

const told = ({ metric, status, failed, perSecond }: Durations, naming?: readonly Naming[]) =>
  red({
    requests: `${metric}_count`,
    failed: { matchers: [`${labelName(status)}=~"${failed}"`] },
    durations: `${metric}_bucket`,
    perSecond,
    ...(naming === undefined ? {} : { naming }),
  });

const underscored = (name: string): string => name.replaceAll('.', '_');

export const openTelemetry: readonly Convention[] = [
  ...durations.flatMap((one) =>
    told({ ...one, metric: underscored(one.metric), status: underscored(one.status) }),
  ),
  ...durations.flatMap((one) => told(one, ofResources)),
];
