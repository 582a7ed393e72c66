import { z } from 'zod';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { Incident } from '../../shared/vocabulary/incident.ts';
import { Room } from '../../shared/vocabulary/room.ts';
import { HostStatus } from '../../shared/vocabulary/status.ts';
import type { Host } from '../host/host.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { type Attention, attend, nothing } from './attention.ts';

/** Follows what waits for a person. Events wait until what was there at the start was read. Returns the way to end it. */
export function watchAttention(
  host: Pick<Host, 'dispatch' | 'subscribe'>,
  told: { onChange(attention: Attention): void; logger: Logger },
): () => void {
  let attention = nothing;
  let ended = false;

  function take(event: HostEvent): void {
    const before = attention;
    attention = attend(before, event);
    if (attention !== before && !ended) told.onChange(attention);
  }

  // One event that cannot be shown must not keep the next, which may be a stop, from being shown.
  const survive = (error: unknown) =>
    told.logger.error({ error: messageOf(error) }, 'what waits for a person cannot be shown');
  let ready = readThrough(host, take).catch(survive);
  const unsubscribe = host.subscribe((event) => {
    ready = ready.then(() => take(event)).catch(survive);
  });
  return () => {
    ended = true;
    unsubscribe();
  };
}

/** What stands now, told as the events that would lead there. What cannot be read is told by later events. */
async function readThrough(host: Pick<Host, 'dispatch'>, take: (event: HostEvent) => unknown): Promise<void> {
  const status = await host.dispatch('host.status', {});
  if (status.ok) take({ name: 'status.changed', status: HostStatus.parse(status.value) });
  const list = await host.dispatch('incidents.list', {});
  for (const incident of list.ok ? z.array(Incident).parse(list.value) : []) {
    take({ name: 'incident.changed', incident });
    if (incident.status === 'closed') continue;
    const reply = await host.dispatch('incidents.room', { incident: incident.id });
    if (!reply.ok) continue;
    const { proposals, escalations } = Room.parse(reply.value);
    for (const proposal of proposals) take({ name: 'proposal.changed', proposal });
    for (const escalation of escalations) take({ name: 'escalation.changed', escalation });
  }
}
