import { useEffect } from 'react';
import { create } from 'zustand';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { SentRequest } from '../../shared/vocabulary/sent.ts';
import { call, messageOf } from './call.ts';
import { useHost } from './host.ts';

type Sent = {
  incident: string | null;
  /** Null until they were read once; they stay when a later reading fails, which `problem` tells. */
  requests: readonly SentRequest[] | null;
  problem: string | null;
  readMs: number;
};
const NOTHING: Sent = { incident: null, requests: null, problem: null, readMs: 0 };

export const useSentState = create<Sent>(() => NOTHING);

/** What was sent for an incident, read anew when the host was away, and else kept as the host tells. */
export function useSent(incident: IncidentId): Sent {
  const readings = useHost((host) => host.readings);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was told while the host was away was missed.
  useEffect(() => void readSent(incident), [incident, readings]);
  return useSentState();
}

export async function readSent(incident: IncidentId): Promise<void> {
  const isSame = useSentState.getState().incident === incident;
  useSentState.setState(isSame ? { problem: null } : { ...NOTHING, incident });
  const answer = await call('sent.list', { incident }).then(
    (requests) => ({ requests: withTold(requests), problem: null, readMs: Date.now() }),
    (error: unknown) => ({ problem: messageOf(error) }),
  );
  if (useSentState.getState().incident === incident) useSentState.setState(answer);
}

/** With what was told while the answer was under way: none is ever taken back. */
function withTold(read: readonly SentRequest[]): readonly SentRequest[] {
  const told = useSentState.getState().requests ?? [];
  return [...read, ...told.filter(({ id }) => !read.some((one) => one.id === id))];
}

/** Each request once, also one that was read and told at the same time. */
export function keepSent(request: SentRequest): void {
  const { incident, requests } = useSentState.getState();
  if (request.incident !== incident || requests === null || requests.some(({ id }) => id === request.id))
    return;
  useSentState.setState({ requests: [...requests, request] });
}
