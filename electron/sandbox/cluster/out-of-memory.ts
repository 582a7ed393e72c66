import { hash32 } from '../random.ts';
import type { Pod } from './objects.ts';
import type { Posting } from './post-event.ts';

/**
 * What the kernel says when it ends a process over the memory limit of its container, posted by the node problem detector
 * (its `kernel-monitor.json`). `SystemOOM` is not for this: it tells of a node out of memory as a whole.
 */
export function outOfMemory(options: { pod: Pod; container: string; seed: number; atMs: number }): Posting {
  const { pod, container, seed, atMs } = options;
  const node = pod.spec.nodeName;
  const chance = hash32(`${seed}/${pod.metadata.name}/${atMs}/memory`);
  const limits = pod.spec.containers.find(({ name }) => name === container)?.resources?.limits;
  const limitKb = kilobytesOf(limits?.['memory'] ?? '256Mi');
  const residentKb = limitKb - (chance % 4_096);
  const virtualKb = Math.round(limitKb * 3.4) + (chance % 65_536);
  const sizes = `total-vm:${virtualKb}kB, anon-rss:${residentKb}kB, file-rss:0kB, shmem-rss:0kB, UID:1000`;
  const process = `${1_000 + (chance % 30_000)} (${container.slice(0, 15)})`;
  return {
    atMs,
    seed,
    type: 'Warning',
    reason: 'OOMKilling',
    message: `Memory cgroup out of memory: Killed process ${process} ${sizes} pgtables:${Math.round(residentKb / 512)}kB oom_score_adj:985`,
    // The detector knows its node by name alone.
    about: { apiVersion: 'v1', kind: 'Node', name: node, uid: node },
    component: 'kernel-monitor',
    host: node,
  };
}

const kilobytesOf = (quantity: string): number => {
  const unit = { Ki: 1, Mi: 1_024, Gi: 1_024 * 1_024 }[quantity.slice(-2)] ?? 1 / 1_024;
  return Math.round(Number.parseFloat(quantity) * unit);
};
