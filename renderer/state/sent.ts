import { useEffect } from 'react';
import { create } from 'zustand';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { SentRequest } from '../../shared/vocabulary/sent.ts';
import { call, messageOf } from './call.ts';

type Sent = { incident: string | null; requests: readonly SentRequest[] | null; problem: string | null };

export const useSentState = create<Sent>(() => ({ incident: null, requests: null, problem: null }));

/** What was sent for an incident, read once and then kept as the host tells. */
export function useSent(incident: IncidentId): Sent {
  useEffect(() => void readSent(incident), [incident]);
  return useSentState();
}

export async function readSent(incident: IncidentId): Promise<void> {
  useSentState.setState({ incident, requests: null, problem: null });
  const answer = await call('sent.list', { incident }).then(
    (requests) => ({ requests }),
    (error: unknown) => ({ problem: messageOf(error) }),
  );
  if (useSentState.getState().incident === incident) useSentState.setState(answer);
}

/** Each request once, also one that was read and told at the same time. */
export function keepSent(request: SentRequest): void {
  const { incident, requests } = useSentState.getState();
  if (request.incident !== incident || requests === null || requests.some(({ id }) => id === request.id))
    return;
  useSentState.setState({ requests: [...requests, request] });
}
