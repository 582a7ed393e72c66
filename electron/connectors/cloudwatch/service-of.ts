/** What a resource is called by people, out of the dimensions that AWS names it by: the most telling first. */
const dimensionsOfServices = [
  'ServiceName',
  'Service',
  'service',
  'FunctionName',
  'ApiName',
  'TargetGroup',
  'LoadBalancer',
  'DBClusterIdentifier',
  'DBInstanceIdentifier',
  'TableName',
  'QueueName',
  'TopicName',
  'CacheClusterId',
  'ReplicationGroupId',
  'StreamName',
  'ClusterName',
] as const;

export function serviceOf(dimensions: Readonly<Record<string, string>>): string | null {
  for (const name of dimensionsOfServices) {
    const value = dimensions[name];
    if (value) return plainName(value);
  }
  return null;
}

/** `app/checkout/50dc6c495c0c9188` and `targetgroup/checkout/73e2d6bc24d8a067` are the load balancer and group `checkout`. */
export const plainName = (value: string): string =>
  /^(?:app|net|gwy|targetgroup)\/([^/]+)\/[0-9a-f]+$/.exec(value)?.[1] ?? value;
