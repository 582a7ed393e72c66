import { hash32 } from '../random.ts';
import type { ObjectStore } from './object-store.ts';
import { type Pod, timestamp } from './objects.ts';
import { outOfMemory } from './out-of-memory.ts';
import { containerStatuses, isHeldBack, isReady, isTerminating, readyCondition, started } from './pods.ts';
import { postEvent, postOrCount } from './post-event.ts';
import { restartBackOff } from './restart-back-off.ts';
import { terminatingSinceMs } from './terminate.ts';

type ContainerStatus = Pod['status']['containerStatuses'][number];

/** The end of a container that its restart policy makes up for. */
export type ContainerEnd = {
  namespace: string;
  pod: string;
  /** The first one of the pod when left out. */
  container?: string;
  reason: 'OOMKilled' | 'Error';
  exitCode: number;
  atMs: number;
};

export type Kubelet = {
  /** Brings a pod that has a node one step nearer to being ready, or to being gone. */
  advance(pod: Pod, atMs: number): void;
  /** Ends a container's process, which then starts again, later each time; false when no such container runs. */
  restartContainer(end: ContainerEnd): boolean;
};

/**
 * The kubelets of all nodes: they pull and start, restart what ends with the delays of `CrashLoopBackOff`
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy), and stop within the grace period.
 */
export function kubelet(options: {
  store: ObjectStore;
  seed: number;
  hasImage: (image: string) => boolean;
}): Kubelet {
  const { store, seed, hasImage } = options;
  const backOff = restartBackOff();
  /** Pods whose containers have been told to stop, by uid. */
  const stopping = new Set<string>();

  return {
    advance(pod, atMs) {
      if (isTerminating(pod)) return stop(pod, atMs);
      if (isHeldBack(pod)) return;
      if (pod.status.containerStatuses.some(hasLivedBefore)) return recover(pod, atMs);
      const ageMs = atMs - Date.parse(pod.status.startTime);
      const image = pod.spec.containers[0]?.image ?? '';
      if (!hasImage(image)) return waitForImage(pod, image, ageMs, atMs);
      if (ageMs >= startupMs(pod)) store.put<'Pod'>(started(pod, atMs), atMs);
    },

    restartContainer({ namespace, pod: name, container, reason, exitCode, atMs }) {
      const pod = store.get('Pod', namespace, name);
      const status = pod?.status.containerStatuses.find(
        (each) => container === undefined || each.name === container,
      );
      const running = status?.state['running'];
      if (!pod || !status || !running || isTerminating(pod)) return false;
      const finishedAt = timestamp(atMs);
      const terminated = { exitCode, reason, startedAt: running['startedAt'] ?? finishedAt, finishedAt };
      backOff.ended(keyOf(pod, status), atMs);
      update(pod, { ...status, ready: false, started: false, state: { terminated } }, atMs);
      if (reason === 'OOMKilled') postEvent(store, outOfMemory({ pod, container: status.name, seed, atMs }));
      return true;
    },
  };

  /** Each container that has ended waits for its turn, then runs, then answers. */
  function recover(pod: Pod, atMs: number): void {
    for (const status of pod.status.containerStatuses) {
      const current = store.get('Pod', pod.metadata.namespace, pod.metadata.name) ?? pod;
      const { running, terminated } = status.state;
      if (running) {
        const upMs = atMs - Date.parse(String(running['startedAt']));
        if (!status.ready && upMs >= startupMs(pod) / 2)
          update(current, { ...status, ready: true, started: true }, atMs);
        continue;
      }
      const lastState = terminated ? { terminated } : status.lastState;
      const key = keyOf(pod, status);
      if (backOff.mayRun(key, atMs)) run(current, { ...status, lastState }, atMs);
      else if (terminated) crashLoop(current, { ...status, lastState }, backOff.delayMs(key), atMs);
    }
  }

  function run(pod: Pod, status: ContainerStatus, atMs: number): void {
    backOff.started(keyOf(pod, status), atMs);
    const state = { running: { startedAt: timestamp(atMs) } };
    update(pod, { ...status, restartCount: status.restartCount + 1, state }, atMs);
    const { name, image } = status;
    say(pod, atMs, 'Normal', 'Pulled', `Container image "${image}" already present on machine`);
    say(pod, atMs, 'Normal', 'Created', `Created container: ${name}`);
    say(pod, atMs, 'Normal', 'Started', `Started container ${name}`);
  }

  function crashLoop(pod: Pod, status: ContainerStatus, delayMs: number, atMs: number): void {
    const { name, namespace, uid } = pod.metadata;
    const whose = `restarting failed container=${status.name} pod=${name}_${namespace}(${uid})`;
    const message = `back-off ${delayText(delayMs)} ${whose}`;
    update(pod, { ...status, state: { waiting: { reason: 'CrashLoopBackOff', message } } }, atMs);
    const said = `Back-off restarting failed container ${status.name} in pod ${name}_${namespace}(${uid})`;
    say(pod, atMs, 'Warning', 'BackOff', said);
  }

  /** Puts one container's status in its place, and with it whether the pod is ready. */
  function update(pod: Pod, status: ContainerStatus, atMs: number): void {
    const containers = pod.status.containerStatuses.map((each) =>
      each.name === status.name ? status : each,
    );
    const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
    const holds = unready.length === 0 ? 'True' : 'False';
    const conditions = pod.status.conditions.map((condition) => {
      if (condition.type !== 'Ready' || condition.status === holds) return condition;
      const since = { type: 'Ready', lastTransitionTime: timestamp(atMs) } as const;
      if (holds === 'True') return readyCondition(pod, pod.status.conditions, timestamp(atMs));
      const message = `containers with unready status: [${unready.join(' ')}]`;
      return { ...since, status: 'False' as const, reason: 'ContainersNotReady', message };
    });
    store.put<'Pod'>({ ...pod, status: { ...pod.status, conditions, containerStatuses: containers } }, atMs);
  }

  function waitForImage(pod: Pod, image: string, ageMs: number, atMs: number): void {
    const reason = 'ImagePullBackOff';
    if (ageMs < 5_000 || pod.status.containerStatuses[0]?.state['waiting']?.['reason'] === reason) return;
    const waiting = { waiting: { reason, message: `Back-off pulling image "${image}"` } };
    store.put<'Pod'>(
      { ...pod, status: { ...pod.status, containerStatuses: containerStatuses(pod, false, waiting) } },
      atMs,
    );
    const why = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`;
    say(pod, atMs, 'Warning', 'Failed', `Failed to pull image "${image}": ${why}`);
  }

  function stop(pod: Pod, atMs: number): void {
    const { uid, namespace, name, deletionGracePeriodSeconds = 0 } = pod.metadata;
    const takesMs = Math.min(deletionGracePeriodSeconds * 1_000, shutdownMs(pod));
    if (atMs >= terminatingSinceMs(pod) + takesMs) {
      stopping.delete(uid);
      store.remove('Pod', namespace, name);
      return;
    }
    if (stopping.has(uid)) return;
    stopping.add(uid);
    for (const { name: container, state } of pod.status.containerStatuses)
      if (state['running']) say(pod, atMs, 'Normal', 'Killing', `Stopping container ${container}`);
  }

  function say(pod: Pod, atMs: number, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const host = pod.spec.nodeName;
    postOrCount(store, { atMs, seed, type, reason, message, about: pod, component: 'kubelet', host });
  }

  function startupMs(pod: Pod): number {
    return 8_000 + (hash32(`${seed}/${pod.metadata.name}/startup`) % 6_000);
  }

  /** Two seconds to thirty for requests under way; what does not run has none. */
  function shutdownMs(pod: Pod): number {
    if (!pod.status.containerStatuses.some(({ state }) => state['running'])) return 1_000;
    return 2_000 + (hash32(`${seed}/${pod.metadata.name}/shutdown`) % 28_001);
  }
}

/** Whether a kubelet or the scheduler still has something to do for a pod. */
export const isUnfinished = (pod: Pod): boolean =>
  isTerminating(pod) || (!isReady(pod) && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed');

const hasLivedBefore = ({ state, restartCount }: ContainerStatus): boolean =>
  restartCount > 0 ||
  state['terminated'] !== undefined ||
  state['waiting']?.['reason'] === 'CrashLoopBackOff';

const keyOf = ({ metadata }: Pod, { name }: ContainerStatus): string => `${metadata.uid}/${name}`;

/** A duration as Go prints it. */
const delayText = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1_000}s`;
};
