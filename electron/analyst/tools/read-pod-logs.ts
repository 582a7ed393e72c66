import { z } from 'zod';
import type { LoggedPod, ObjectReader, PodLogWish } from '../../connectors/inspection.ts';
import { Failure } from '../../platform/failure.ts';
import { findWorkload } from './find-workload.ts';
import { LogAnswer, logAnswer, logFound, logOutsiders } from './log-answer.ts';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { hourMs, spanOf, timeSpan } from './time-span.ts';

const MOST_PODS = 6;

export const readPodLogs = readTool({
  name: 'read_pod_logs',
  purpose:
    'Read what the pods of a service wrote, from the cluster itself: lines grouped by template, those new since the onset first. `previous` reads what a container wrote before its last restart.',
  source: 'pod logs',
  outsider: logOutsiders,
  input: z.strictObject({
    service: z.string(),
    pod: z.string().optional(),
    container: z.string().optional(),
    previous: z.boolean().optional(),
    contains: z.string().min(1).max(200).optional(),
    ...timeSpan,
  }),
  output: z.object({
    service: z.string(),
    pods: z.array(z.object({ name: z.string(), ready: z.boolean(), restarts: z.number() })),
    /** Pods whose log was not read, because there are too many or because it could not be. */
    unread: z.number(),
    ...LogAnswer,
  }),
  async run(input, context, signal) {
    const { service } = input;
    const { systems, window, candidates } = context;
    const { namespace, workload, connection } = await findWorkload(context, service, signal);
    const { reader } = pickConnection('pods', systems.objects(), connection);
    const pods = (await reader.podsOf({ namespace, workload }, signal)).filter(
      ({ name }) => input.pod === undefined || name === input.pod,
    );
    if (pods.length === 0) throw new Failure('not_found', `${service} has no pod ${input.pod ?? ''}`.trim());
    const chosen = pods.toSorted(byTrouble).slice(0, MOST_PODS);
    const { fromMs, toMs } = spanOf(input, window, 6 * hourMs);
    const wish = { previous: input.previous ?? false, sinceMs: fromMs };
    const logs = await Promise.allSettled(
      chosen.map((pod) => logOf(reader, { namespace, pod }, { ...wish, container: input.container }, signal)),
    );
    signal.throwIfAborted();
    const read = logs.flatMap((log) => (log.status === 'fulfilled' ? [log.value] : []));
    const failed = logs.find((log) => log.status === 'rejected');
    if (read.length === 0 && failed) throw failed.reason;
    const wanted = input.contains?.toLowerCase();
    const lines = read
      .flatMap(({ lines }) => lines)
      .filter(
        ({ atMs, text }) => atMs <= toMs && (wanted === undefined || text.toLowerCase().includes(wanted)),
      )
      .sort((a, b) => a.atMs - b.atMs);
    return {
      service,
      pods: chosen.map(({ name, isReady, restarts }) => ({ name, ready: isReady, restarts })),
      unread: pods.length - read.length,
      ...(await logAnswer(
        lines,
        { cut: read.some(({ cut }) => cut), onsetMs: candidates()?.onsetMs ?? null },
        signal,
      )),
    };
  },
  // All of it is text that a process wrote, often with a stranger's request in it.
  isObserved: () => false,
  found: (answer) => `${logFound(answer)}, of ${answer.pods.length} pods`,
});

/** What is not ready or was restarted tells most. */
const byTrouble = (a: LoggedPod, b: LoggedPod) =>
  Number(a.isReady) - Number(b.isReady) || b.restarts - a.restarts || (a.name < b.name ? -1 : 1);

async function logOf(
  reader: ObjectReader,
  { namespace, pod }: { namespace: string; pod: LoggedPod },
  wish: Omit<PodLogWish, 'container'> & { container: string | undefined },
  signal: AbortSignal,
) {
  const container = wish.container ?? pod.containers[0] ?? '';
  const { lines, cut } = await reader.podLog({ namespace, name: pod.name }, { ...wish, container }, signal);
  return { cut, lines: lines.map((line) => ({ ...line, pod: pod.name })) };
}
