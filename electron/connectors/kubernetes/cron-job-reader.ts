import type { CronJobState, ObjectRef } from '../source.ts';
import { soundsLikeBackup } from './backup-reader.ts';
import type { ClusterApi } from './cluster-api.ts';
import { tierOf } from './marks.ts';
import { ownedBy } from './ownership.ts';
import { objectPath } from './paths.ts';
import { imagesOf } from './pod-template.ts';
import { CronJob } from './surroundings.ts';

export async function readCronJob(
  api: ClusterApi,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<CronJobState> {
  const { metadata, spec, status } = await api.get(CronJob, objectPath('CronJob', ref), signal);
  return {
    uid: metadata.uid,
    suspended: spec.suspend,
    schedule: spec.schedule,
    running: status.active?.length ?? 0,
    makesBackups: soundsLikeBackup([
      metadata.name,
      ...Object.values(metadata.labels),
      ...imagesOf(spec.jobTemplate.spec.template),
    ]),
    serviceTier: tierOf(metadata.labels),
    ...ownedBy(metadata),
  };
}
