import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';

/**
 * What the services of AWS report of themselves (the CloudWatch metrics page of each), as one Metrics Insights query each:
 * grouped by what people take for a service, the highest first.
 */
export type Scan = {
  name: string;
  kind: MetricSeries['kind'];
  unit: string;
  query: string;
  /** The values are divided by it, or by the series of that query of the same group. */
  per?: number | string;
};

const scan = (
  namespace: string,
  dimensions: readonly string[],
  wanted: readonly (Omit<Scan, 'query' | 'per'> & { value: string; per?: number | string })[],
): Scan[] => {
  const query = (value: string) =>
    `SELECT ${value} FROM SCHEMA("${namespace}", ${dimensions.join(', ')}) GROUP BY ${dimensions.at(-1)} ORDER BY MAX() DESC LIMIT 100`;
  return wanted.map(({ value, per, ...rest }) => ({
    ...rest,
    query: query(value),
    ...(per === undefined ? {} : { per: typeof per === 'string' ? query(per) : per }),
  }));
};

const traffic = 'requests';
const milliseconds = 1_000;
const percent = 100;

export const scans: readonly Scan[] = [
  ...scan(
    'AWS/ApplicationELB',
    ['LoadBalancer', 'TargetGroup'],
    [
      { name: 'latency_avg', kind: 'latency', unit: 's', value: 'AVG(TargetResponseTime)' },
      { name: traffic, kind: 'traffic', unit: 'requests', value: 'SUM(RequestCount)' },
      {
        name: 'error_ratio',
        kind: 'error_rate',
        unit: 'ratio',
        value: 'SUM(HTTPCode_Target_5XX_Count)',
        per: 'SUM(RequestCount)',
      },
      { name: 'unhealthy_hosts', kind: 'saturation', unit: 'hosts', value: 'MAX(UnHealthyHostCount)' },
    ],
  ),
  ...scan(
    'AWS/Lambda',
    ['FunctionName'],
    [
      { name: 'latency_avg', kind: 'latency', unit: 's', value: 'AVG(Duration)', per: milliseconds },
      { name: traffic, kind: 'traffic', unit: 'invocations', value: 'SUM(Invocations)' },
      {
        name: 'error_ratio',
        kind: 'error_rate',
        unit: 'ratio',
        value: 'SUM(Errors)',
        per: 'SUM(Invocations)',
      },
      { name: 'throttles', kind: 'saturation', unit: 'invocations', value: 'SUM(Throttles)' },
    ],
  ),
  ...scan(
    'AWS/ApiGateway',
    ['ApiName'],
    [
      { name: 'latency_avg', kind: 'latency', unit: 's', value: 'AVG(Latency)', per: milliseconds },
      { name: traffic, kind: 'traffic', unit: 'requests', value: 'SUM(Count)' },
      { name: 'error_ratio', kind: 'error_rate', unit: 'ratio', value: 'AVG("5XXError")' },
    ],
  ),
  ...scan(
    'AWS/ECS',
    ['ClusterName', 'ServiceName'],
    [
      { name: 'cpu', kind: 'saturation', unit: 'ratio', value: 'AVG(CPUUtilization)', per: percent },
      { name: 'memory', kind: 'saturation', unit: 'ratio', value: 'AVG(MemoryUtilization)', per: percent },
    ],
  ),
  ...scan(
    'AWS/RDS',
    ['DBInstanceIdentifier'],
    [
      { name: 'cpu', kind: 'saturation', unit: 'ratio', value: 'AVG(CPUUtilization)', per: percent },
      { name: 'connections', kind: 'saturation', unit: 'connections', value: 'AVG(DatabaseConnections)' },
      { name: 'read_latency', kind: 'latency', unit: 's', value: 'AVG(ReadLatency)' },
    ],
  ),
  ...scan(
    'AWS/SQS',
    ['QueueName'],
    [{ name: 'oldest_message', kind: 'saturation', unit: 's', value: 'MAX(ApproximateAgeOfOldestMessage)' }],
  ),
  ...scan(
    'AWS/ElastiCache',
    ['CacheClusterId'],
    [{ name: 'cpu', kind: 'saturation', unit: 'ratio', value: 'AVG(EngineCPUUtilization)', per: percent }],
  ),
];
