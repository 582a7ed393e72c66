import type { ObjectRef } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { allPath } from './paths.ts';
import { imagesOf } from './pod-template.ts';
import { Job, Pod } from './surroundings.ts';

/**
 * The backup that is being made of a workload now, as a sentence, or null. Told by an unfinished Job that is a backup by its
 * name, labels or image and belongs to the workload by name or label, or by a pod that a readiness gate of a backup keeps
 * out of service.
 */
export async function readBackup(
  api: ClusterApi,
  { namespace, name }: ObjectRef,
  signal: AbortSignal,
): Promise<string | null> {
  const [jobs, pods] = await Promise.all([
    api.list(Job, allPath('Job', namespace), signal),
    api.list(Pod, allPath('Pod', namespace), signal),
  ]);
  const job = jobs.items.find((item) => !hasEnded(item) && isBackup(item) && isAbout(item, name));
  if (job) {
    const since = job.status.startTime ? ` since ${job.status.startTime}` : '';
    return `the Job ${job.metadata.name} has been backing up ${name}${since}`;
  }
  const held = pods.items.find(
    ({ metadata, status }) =>
      metadata.ownerReferences.some((owner) => owner.name === name) &&
      status.conditions.some(({ type, status: holds }) => /backup/i.test(type) && holds === 'False'),
  );
  return held ? `${held.metadata.name} is kept out of service by a backup` : null;
}

const backupWords = /back-?up|pg-?dump|dump|snapshot|barman|velero|restic|wal-g/i;

/** Whether something is a backup by what it is called and by what it runs. */
export const soundsLikeBackup = (names: readonly string[]): boolean =>
  names.some((name) => backupWords.test(name));

const hasEnded = ({ status }: Job): boolean =>
  Boolean(status.completionTime) ||
  status.conditions.some(
    ({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True',
  );

const isBackup = ({ metadata, spec }: Job): boolean =>
  soundsLikeBackup([
    metadata.name,
    ...Object.keys(metadata.labels),
    ...Object.values(metadata.labels),
    ...metadata.ownerReferences.map(({ name }) => name),
    ...imagesOf(spec.template),
  ]);

const isAbout = ({ metadata, spec }: Job, workload: string): boolean =>
  [metadata.name, ...metadata.ownerReferences.map(({ name }) => name)].some((name) =>
    name.startsWith(`${workload}-`),
  ) ||
  [metadata.labels, spec.template.metadata.labels ?? {}].some((labels) =>
    Object.values(labels).includes(workload),
  );
