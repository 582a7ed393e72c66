import type { PodTemplate } from './resources.ts';

/** Programs that keep data, by the names that charts and images give them. */
const engines =
  /^(postgres(ql)?|mysql|mariadb|mongo(db)?|redis|valkey|cassandra|scylla|elasticsearch|opensearch|etcd|kafka|clickhouse(-server)?|cockroach(db)?|couchdb|influxdb|minio|neo4j|rabbitmq|zookeeper|timescaledb|mssql|oracle)$/;
const roles = /^(database|db|datastore|storage|message-broker)$/;

/** Whether what runs from a template keeps data: claimed volumes, or a database by common labels and image. */
export const keepsData = (labels: Record<string, string>, template: PodTemplate): boolean =>
  claimsVolumes(template.spec) ||
  isDatabase({ ...template.metadata.labels, ...labels }) ||
  template.spec.containers.some(({ image }) => engines.test(baseOf(image)));

const isDatabase = (labels: Record<string, string>): boolean =>
  engines.test(labels['app.kubernetes.io/name'] ?? '') ||
  roles.test(labels['app.kubernetes.io/component'] ?? '');

/** `registry.example/library/postgres:16@sha256:…` is postgres. */
const baseOf = (image: string): string =>
  image.split('@')[0]?.split('/').at(-1)?.split(':')[0]?.toLowerCase() ?? '';

/** A volume that outlives the pod. */
export function claimsVolumes(spec: { [member: string]: unknown }): boolean {
  const volumes: unknown = spec['volumes'];
  return (
    Array.isArray(volumes) &&
    volumes.some(
      (volume: unknown) =>
        typeof volume === 'object' &&
        volume !== null &&
        'persistentVolumeClaim' in volume &&
        volume.persistentVolumeClaim !== null &&
        volume.persistentVolumeClaim !== undefined,
    )
  );
}
