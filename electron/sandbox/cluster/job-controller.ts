import { hash32 } from '../random.ts';
import type { NodeAgents } from './node-agents.ts';
import type { ObjectStore } from './object-store.ts';
import { type Pod, timestamp } from './objects.ts';
import { isReady, newPod, readySinceMs } from './pods.ts';
import { suffixOf } from './template-hash.ts';
import type { Job } from './workloads.ts';

/** The Job controller, for jobs of one pod that ends well after a while. */
export function jobController(options: {
  store: ObjectStore;
  seed: number;
  nodes: Pick<NodeAgents, 'place'>;
}) {
  const { store, seed, nodes } = options;

  return (job: Job, atMs: number): number | null => {
    if (job.status.completionTime !== undefined) return null;
    const [pod] = store.ownedBy('Pod', job.metadata.uid);
    if (!pod) create(job, atMs);
    // Whatever becomes of its pod brings the job back by itself.
    if (!pod || !isReady(pod)) return null;
    const endsMs = readySinceMs(pod) + runMs(job);
    if (endsMs > atMs) return endsMs;
    finish(job, pod, atMs);
    return null;
  };

  /** As long as what is copied takes, where the command line says it; half a minute to two otherwise. */
  function runMs({ metadata, spec }: Job): number {
    const given = spec.template.spec.containers[0]?.['args'];
    const args = Array.isArray(given) ? given.map(String) : [];
    const [size, rate] = ['--size-gb=', '--rate-mbps='].map((option) =>
      Number(args.find((arg) => arg.startsWith(option))?.slice(option.length)),
    );
    if (size && rate) return (size * 1_000_000) / rate;
    return 30_000 + (hash32(`${seed}/${metadata.name}/run`) % 90_000);
  }

  function create(job: Job, atMs: number): void {
    const made = job.status.startTime === undefined ? 1 : 2;
    const name = `${job.metadata.name}-${suffixOf(`${seed}/${job.metadata.name}/${made}/${atMs}`, 5)}`;
    store.put<'Pod'>(newPod(job, job.spec.template, name, nodes.place(name), atMs), atMs);
    const status = { ...job.status, startTime: job.status.startTime ?? timestamp(atMs), active: 1, ready: 0 };
    store.put<'Job'>({ ...job, status }, atMs);
  }

  function finish(job: Job, pod: Pod, atMs: number): void {
    const at = timestamp(atMs);
    const ended = {
      exitCode: 0,
      reason: 'Completed',
      startedAt: timestamp(readySinceMs(pod)),
      finishedAt: at,
    };
    store.put<'Pod'>(
      {
        ...pod,
        status: {
          ...pod.status,
          phase: 'Succeeded',
          conditions: pod.status.conditions.map((condition) =>
            condition.type === 'Ready'
              ? { type: 'Ready', status: 'False', lastTransitionTime: at, reason: 'PodCompleted' }
              : condition,
          ),
          containerStatuses: pod.status.containerStatuses.map((container) => ({
            ...container,
            ready: false,
            started: false,
            state: { terminated: ended },
          })),
        },
      },
      atMs,
    );
    const since = { status: 'True', lastProbeTime: at, lastTransitionTime: at };
    const { startTime = at } = job.status;
    const status: Job['status'] = {
      startTime,
      completionTime: at,
      ready: 0,
      succeeded: 1,
      conditions: [
        { type: 'SuccessCriteriaMet', ...since, reason: 'CompletionsReached' },
        { type: 'Complete', ...since, reason: 'CompletionsReached' },
      ],
    };
    store.put<'Job'>({ ...job, status }, atMs);
  }
}
