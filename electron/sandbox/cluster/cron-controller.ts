import { lastDue } from './cron-schedule.ts';
import type { ObjectStore } from './object-store.ts';
import { timestamp } from './objects.ts';
import { ownerReference } from './pods.ts';
import type { CronJob, Job } from './workloads.ts';

/** A job is not made up for when it is later than this. */
const tooLateMs = 100 * 60_000;

/** The CronJob controller: a Job at each time of the schedule, and the last few kept. */
export function cronJobController({ store }: { store: ObjectStore }) {
  /** By uid, when it and its jobs were last looked at: schedules count minutes, so there is nothing new within one. */
  const looked = new Map<string, { minute: number; version: number }>();
  return (cron: CronJob, atMs: number): boolean => {
    const minute = Math.floor(atMs / 60_000);
    const owned = store.ownedBy('Job', cron.metadata.uid);
    let version = Number(cron.metadata.resourceVersion) + owned.length;
    for (const { metadata } of owned) version += Number(metadata.resourceVersion);
    const last = looked.get(cron.metadata.uid);
    if (last?.minute === minute && last.version === version) return true;
    looked.set(cron.metadata.uid, { minute, version });
    const jobs = owned.sort((one, other) => startOf(one) - startOf(other));
    const after = Date.parse(cron.status.lastScheduleTime ?? cron.metadata.creationTimestamp);
    const dueMs = cron.spec.suspend
      ? null
      : lastDue(cron.spec.schedule, Math.max(after, atMs - tooLateMs), atMs);
    const running = jobs.filter(({ status }) => status.completionTime === undefined);
    const forbidden = cron.spec.concurrencyPolicy === 'Forbid' && running.length > 0;
    if (dueMs !== null && !forbidden) running.push(create(cron, dueMs, atMs));
    const done = jobs.filter(({ status }) => status.completionTime !== undefined);
    for (const old of done.slice(0, Math.max(0, done.length - cron.spec.successfulJobsHistoryLimit)))
      remove(old);
    const { active: _active, ...rest } = cron.status;
    const status: CronJob['status'] = {
      ...rest,
      ...(dueMs !== null && !forbidden ? { lastScheduleTime: timestamp(dueMs) } : {}),
      ...(done.length > 0 ? { lastSuccessfulTime: done.at(-1)?.status.completionTime } : {}),
      ...(running.length > 0
        ? {
            active: running.map(({ metadata: { name, namespace, uid } }) => ({
              kind: 'Job',
              namespace,
              name,
              uid,
              apiVersion: 'batch/v1',
            })),
          }
        : {}),
    };
    if (JSON.stringify(status) !== JSON.stringify(cron.status))
      store.put<'CronJob'>({ ...cron, status }, atMs);
    return true;
  };

  function create(cron: CronJob, dueMs: number, atMs: number): Job {
    const { name, namespace } = cron.metadata;
    const { template, ...spec } = cron.spec.jobTemplate.spec;
    const jobName = `${name}-${Math.floor(dueMs / 60_000)}`;
    const labels = { 'batch.kubernetes.io/job-name': jobName, 'job-name': jobName };
    return store.put<'Job'>(
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: jobName,
          ...(namespace === undefined ? {} : { namespace }),
          labels,
          annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(dueMs) },
          ownerReferences: [ownerReference(cron)],
        },
        spec: {
          parallelism: 1,
          completions: 1,
          backoffLimit: 6,
          ...spec,
          selector: { matchLabels: { 'batch.kubernetes.io/job-name': jobName } },
          template: {
            ...template,
            metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...labels } },
          },
        },
        status: {},
      },
      atMs,
    );
  }

  function remove({ metadata }: Job): void {
    for (const pod of store.ownedBy('Pod', metadata.uid))
      store.remove('Pod', pod.metadata.namespace, pod.metadata.name);
    store.remove('Job', metadata.namespace, metadata.name);
  }
}

const startOf = ({ status, metadata }: Job) => Date.parse(status.startTime ?? metadata.creationTimestamp);
