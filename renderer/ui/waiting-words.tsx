import { TriangleAlert } from 'lucide-react';
import { duration } from './words.ts';

type Waiting = { holder: string | null; waitedMs: number; targetMs: number | null; isLate: boolean };

/** How long something waited for a human, beside its target; late is said in words. */
export function WaitingWords({ holder, waitedMs, targetMs, isLate }: Waiting) {
  const target = targetMs === null ? '' : ` (target ${duration(targetMs)})`;
  const waited =
    holder === null ? `waiting ${duration(waitedMs)}${target}` : `taken after ${duration(waitedMs)}${target}`;
  return (
    <span className={isLate && holder === null ? 'waiting waiting-late' : 'waiting'}>
      {isLate && <TriangleAlert size={13} aria-hidden />}
      {waited}
      {isLate && ': too long'}
    </span>
  );
}
