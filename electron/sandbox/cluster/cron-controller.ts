import { lastDue, nextDue } from './cron-schedule.ts';
import type { ObjectStore } from './object-store.ts';
import { timestamp } from './objects.ts';
import { ownerReference } from './pods.ts';
import type { CronJob, Job } from './workloads.ts';

const minuteMs = 60_000;
/** A job is not made up for when it is later than this. */
const tooLateMs = 100 * minuteMs;
/** No longer than that: what was missed meanwhile would be too late. */
const lookAheadMs = 60 * minuteMs;

/** The CronJob controller: a Job at each time of the schedule, and the last few kept. */
export function cronJobController({ store }: { store: ObjectStore }) {
  return (cron: CronJob, atMs: number): number | null => {
    const after = Date.parse(cron.status.lastScheduleTime ?? cron.metadata.creationTimestamp);
    const dueMs = cron.spec.suspend
      ? null
      : lastDue(cron.spec.schedule, Math.max(after, atMs - tooLateMs), atMs);
    const jobs = store.ownedBy('Job', cron.metadata.uid).sort((one, other) => startOf(one) - startOf(other));
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
    // Until then only a change to it or its jobs is news.
    return cron.spec.suspend ? null : nextDue(cron.spec.schedule, atMs, atMs + lookAheadMs);
  };

  function create(cron: CronJob, dueMs: number, atMs: number): Job {
    const { name, namespace } = cron.metadata;
    const { template, ...spec } = cron.spec.jobTemplate.spec;
    const jobName = `${name}-${Math.floor(dueMs / minuteMs)}`;
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
