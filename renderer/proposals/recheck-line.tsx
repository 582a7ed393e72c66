import { CircleCheck, CircleDashed, CircleHelp, CircleX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Proposal, Recheck } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { useHost } from '../state/host.ts';
import { useClock } from '../state/now.ts';
import { takeRoomEvent, useRoom } from '../state/room.ts';
import { Inert } from '../ui/inert.tsx';
import { duration } from '../ui/words.ts';
import { DifferencesTable } from './differences-table.tsx';
import { TrialLines } from './trial-lines.tsx';

/** Older than this, a re-check is made again when somebody turns to the card. */
const FRESH_MS = 5_000;

/** The newest word on the live target, and a way to ask for another. */
export function useRecheck(proposal: Proposal): {
  recheck: Recheck | undefined;
  problem: string | null;
  ask(): void;
} {
  const recheck = useRoom((room) => room.rechecks[proposal.id]);
  const [problem, setProblem] = useState<string | null>(null);
  const askedMs = useRef(0);
  const ask = () => {
    if (proposal.progress.state !== 'offered' || Date.now() - askedMs.current < FRESH_MS) return;
    askedMs.current = Date.now();
    call('proposals.recheck', { proposal: proposal.id })
      .then((answer) => {
        // The host tells it to everybody as well; where that is lost with the connection, this is what there is.
        takeRoomEvent({ name: 'proposal.rechecked', recheck: answer });
        setProblem(null);
      })
      .catch((error: unknown) => setProblem(messageOf(error)));
  };
  const isLive = useHost(({ link }) => link === 'live');
  const again = useRef(() => {});
  again.current = () => {
    if (problem === null) return;
    askedMs.current = 0;
    ask();
  };
  // What failed because the host was away is asked again once it is back: nobody should have to find out how.
  useEffect(() => {
    if (isLive) again.current();
  }, [isLive]);
  return { recheck, problem, ask };
}

/** Asks once, when the thing that shows the proposal appears. */
export function useRecheckOnce(ask: () => void): void {
  const first = useRef(ask);
  useEffect(() => first.current(), []);
}

export function RecheckLine({
  proposal,
  recheck,
  problem,
}: {
  proposal: Proposal;
  recheck: Recheck | undefined;
  problem: string | null;
}) {
  const nowMs = useClock(proposal.realm);
  if (problem) {
    return (
      <p className="recheck recheck-unreadable">
        <CircleHelp size={14} aria-hidden />
        <span>Could not be re-checked: {problem}</span>
      </p>
    );
  }
  if (!recheck) {
    return (
      <p className="recheck">
        <CircleDashed size={14} aria-hidden />
        <span>Re-checking the live target…</span>
      </p>
    );
  }
  const age = `Re-checked ${duration(nowMs - recheck.atMs)} ago`;
  switch (recheck.answer.kind) {
    case 'unchanged':
      return (
        <>
          <p className="recheck recheck-unchanged">
            <CircleCheck size={14} aria-hidden />
            <span>{age}: unchanged</span>
          </p>
          {recheck.trial && <TrialLines trial={recheck.trial} />}
        </>
      );
    case 'drifted':
      return (
        <>
          <p className="recheck recheck-drifted">
            <CircleX size={14} aria-hidden />
            <span>
              Changed since proposed: <Inert text={recheck.answer.because} />. It cannot be approved any more;
              it has to be proposed again on what is there now.
            </span>
          </p>
          <DifferencesTable differences={recheck.answer.differences} />
        </>
      );
    case 'unreadable':
      return (
        <p className="recheck recheck-unreadable">
          <CircleHelp size={14} aria-hidden />
          <span>
            {age}: could not be read, <Inert text={recheck.answer.because} />
          </span>
        </p>
      );
    default:
      return recheck.answer satisfies never;
  }
}
