import { useEffect } from 'react';
import { create } from 'zustand';
import type { OpenEscalation } from '../../shared/vocabulary/escalation.ts';
import { call, messageOf } from './call.ts';

type Backlog = { open: readonly OpenEscalation[]; problem: string | null; readMs: number };

const useStore = create<Backlog>(() => ({ open: [], problem: null, readMs: 0 }));

/** Counts the readings, so that a late answer to an older one is dropped. */
let reading = 0;

/** Reads the backlog again, after an escalation changed or the host was away. */
export async function rereadBacklog(): Promise<void> {
  const mine = ++reading;
  try {
    const open = await call('escalations.open', {});
    if (mine === reading) useStore.setState({ open, problem: null, readMs: Date.now() });
  } catch (error) {
    if (mine === reading) useStore.setState({ problem: messageOf(error) });
  }
}

/** The open escalations of all incidents, oldest first. */
export function useBacklog(): Backlog {
  useEffect(() => void rereadBacklog(), []);
  return useStore();
}
