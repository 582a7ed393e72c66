import { z } from 'zod';
import { bounded } from '../bounded.ts';
import type { LoggedPod, LogLine, PodLog, PodLogWish } from '../inspection.ts';
import type { ObjectRef } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { allPath, objectPath } from './paths.ts';
import { workloadOf } from './pod-owner.ts';
import { isReady, Pod } from './surroundings.ts';

const MOST_LINES = 1_000;
const MOST_BYTES = 1_048_576;
const MOST_CHARACTERS_A_LINE = 2_000;

const RunningPod = Pod.extend({
  spec: Pod.shape.spec.extend({ containers: z.array(z.looseObject({ name: z.string() })) }),
  status: Pod.shape.status
    .unwrap()
    .extend({ containerStatuses: z.array(z.object({ restartCount: z.number().int() })).nullish() })
    .prefault({}),
});

/** The pods of a workload. */
export async function readPodsOf(
  api: ClusterApi,
  { namespace, workload }: { namespace: string; workload: string },
  signal: AbortSignal,
): Promise<LoggedPod[]> {
  const { items } = await api.list(RunningPod, allPath('Pod', namespace), signal);
  return items
    .filter((pod) => workloadOf(pod)?.workload === workload)
    .map((pod) => ({
      name: pod.metadata.name,
      containers: pod.spec.containers.map(({ name }) => name),
      isReady: isReady({ ...pod, spec: { ...pod.spec, containers: [] } }),
      restarts: (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    }));
}

/** The last lines of one container, as many as the bounds of lines and bytes let through. */
export async function readPodLog(
  api: ClusterApi,
  ref: ObjectRef,
  { container, previous, sinceMs }: PodLogWish,
  signal: AbortSignal,
): Promise<PodLog> {
  const parameters = {
    container,
    timestamps: true,
    tailLines: MOST_LINES,
    limitBytes: MOST_BYTES,
    sinceTime: new Date(sinceMs).toISOString(),
    ...(previous ? { previous } : {}),
  };
  const text = await api.text(`${objectPath('Pod', ref)}/log`, parameters, signal);
  const isCut = Buffer.byteLength(text) >= MOST_BYTES;
  const all = text.split('\n');
  // Without a line end it was cut in the middle, by the bound or by the server.
  all.pop();
  const lines = all.flatMap((line) => lineOf(line) ?? []);
  return { lines, cut: isCut || lines.length >= MOST_LINES };
}

/** RFC 3339 with nanoseconds, a blank, and what was written. */
function lineOf(line: string): LogLine | null {
  const at = line.indexOf(' ');
  const atMs = Date.parse(line.slice(0, at));
  return Number.isNaN(atMs) ? null : { atMs, text: bounded(line.slice(at + 1), MOST_CHARACTERS_A_LINE) };
}
