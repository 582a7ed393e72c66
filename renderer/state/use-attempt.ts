import { useState } from 'react';
import { messageOf } from './call.ts';

/**
 * Something a person asked for: busy while it runs, and what went wrong in words, until it is tried again. `tell` says
 * (or, with null, takes back) a problem that was found before anything was asked of the host.
 */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (what: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, attempt, tell: setProblem };
}
