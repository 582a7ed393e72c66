import type { Observation } from '../../../shared/vocabulary/event.ts';
import { boundedKey } from '../../platform/bounded-key.ts';
import { bounded } from '../bounded.ts';

/** What commonly goes wrong with a pod, whichever way it is learnt: from an Event, or from what the pod itself says. */
export type Trouble = 'crash-loop' | 'oom-kill' | 'image-pull' | 'failed-probe' | 'eviction' | 'bad-config';

/** What an Event of this reason tells of, by what kubelet and controllers write. */
export function troubleOfEvent(reason: string, message: string): Trouble | null {
  switch (reason) {
    case 'BackOff':
      return /pulling image/i.test(message) ? 'image-pull' : 'crash-loop';
    case 'Failed':
      return /pull|ErrImage/i.test(message) ? 'image-pull' : null;
    case 'Unhealthy':
    case 'ProbeError':
      return 'failed-probe';
    case 'Evicted':
      return 'eviction';
    case 'OOMKilling':
      return 'oom-kill';
    default:
      return troubleOfWaiting(reason);
  }
}

/** What a container waits for, as its status says. */
export function troubleOfWaiting(reason: string): Trouble | null {
  if (reason === 'CrashLoopBackOff') return 'crash-loop';
  if (/^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError)$/.test(reason))
    return 'image-pull';
  return /^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/.test(reason)
    ? 'bad-config'
    : null;
}

/** A hundred pods that fail for one reason are one signal every ten minutes. */
export const sameTroubleMs = 600_000;

/** A warning as a signal. Its key is the same for all pods of a workload that fail alike at about the same time. */
export function troubleSignal(of: {
  namespace: string;
  /** The object it is about, as `Kind/name`. */
  object: string;
  service: string | null;
  reason: string;
  trouble: Trouble | null;
  title: string;
  detail?: string;
  atMs: number;
  source: string;
}): Observation {
  const { namespace, object, service, reason, trouble, title, detail, atMs, source } = of;
  const what = trouble ?? reason;
  return {
    key: boundedKey(
      `kubernetes:${namespace}/${service ?? object}:${what}@${Math.floor(atMs / sameTroubleMs)}`,
    ),
    kind: 'signal',
    sort: 'kubernetes',
    severity: 'warning',
    atMs,
    service,
    title: bounded(title, 500),
    ...(detail === undefined ? {} : { detail }),
    source,
    labels: { namespace, reason, object, ...(trouble === null ? {} : { trouble }) },
  };
}
