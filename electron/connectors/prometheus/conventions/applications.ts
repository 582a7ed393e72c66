import { type Convention, red } from './convention.ts';

/** What applications count of themselves, under the names that client libraries and most examples use. */
export const applications: readonly Convention[] = [
  // The status stands in `code` or `status`.
  ...red({
    requests: 'http_requests_total',
    failed: { matchers: ['code=~"5.."', 'status=~"5.."'] },
    durations: 'http_request_duration_seconds_bucket',
  }),
  // Micrometer, as Spring Boot has it (https://docs.spring.io/spring-boot/reference/actuator/metrics.html).
  ...red({
    requests: 'http_server_requests_seconds_count',
    failed: { matchers: ['status=~"5.."'] },
    durations: 'http_server_requests_seconds_bucket',
  }),
  // https://github.com/grpc-ecosystem/go-grpc-middleware/tree/main/providers/prometheus
  ...red({
    requests: 'grpc_server_handled_total',
    failed: {
      matchers: ['grpc_code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"'],
    },
    durations: 'grpc_server_handling_seconds_bucket',
  }),
];
