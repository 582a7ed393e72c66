import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bounded } from '../bounded.ts';
import type { SourceFact } from '../delivered.ts';

/** As it was sent, since it is kept as evidence. */
const Item = z.looseObject({
  AlarmName: z.string().min(1),
  Timestamp: z.date(),
  HistorySummary: z.string().nullish(),
  HistoryData: z.string().nullish(),
});
export const HistoryItems = z.array(Item);

/** `HistoryData` of a change of state; AWS numbers its versions, and these members are in all of them. */
const State = z.object({ stateValue: z.string(), stateReason: z.string().optional() });
const Data = z.object({ oldState: State, newState: State });

export type Transition = {
  alarm: string;
  atMs: number;
  from: string;
  to: string;
  reason: string;
  raw: () => string;
};

/** Null for what does not say from where to where: half of it would be worse than nothing. */
export function transitionOf(item: z.infer<typeof Item>): Transition | null {
  const { AlarmName, Timestamp, HistoryData } = item;
  const data = Data.safeParse(jsonOrNull(HistoryData ?? ''));
  if (!data.success) return null;
  const { oldState, newState } = data.data;
  return {
    alarm: AlarmName,
    atMs: Timestamp.getTime(),
    from: oldState.stateValue,
    to: newState.stateValue,
    reason: newState.stateReason ?? '',
    raw: () => JSON.stringify(item),
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The same transition has the same key however often it is read. */
export function signalOf(
  { alarm, atMs, from, to, reason, raw }: Transition,
  { id, source, region }: { id: string; source: string; region: string },
): SourceFact {
  const digest = createHash('sha256')
    .update(JSON.stringify([region, alarm, atMs, from, to]))
    .digest('hex');
  return {
    kind: 'signal',
    sort: 'alert',
    severity: to === 'ALARM' ? 'warning' : 'info',
    key: `alarm:${id}:${digest.slice(0, 32)}`,
    atMs,
    service: null,
    title: bounded(`Alarm ${alarm}: ${from} → ${to}`, 500),
    detail: bounded(reason, 4_000),
    source,
    labels: { alertname: bounded(alarm, 300), region },
    reconstructed: true,
    raw,
  };
}
