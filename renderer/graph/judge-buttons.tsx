import { useState } from 'react';
import type { ChangeCandidate } from '../../shared/vocabulary/candidate.ts';
import { announce } from '../state/announcements.ts';
import { call, messageOf } from '../state/call.ts';
import { useRoom } from '../state/room.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

/** What a person makes of a candidate: rule it out, with a reason that re-ranks the rest, or keep it in sight. */
export function JudgeButtons({ candidate }: { candidate: ChangeCandidate }) {
  const incident = useRoom((room) => room.incident.id);
  const [dismissing, setDismissing] = useState(false);
  const judgement = candidate.judgement?.as;
  if (!incident) return null;
  const judge = (as: 'pinned' | 'open') =>
    call('candidates.judge', { incident, candidate: candidate.id, answer: { as } }).catch((error: unknown) =>
      announce(messageOf(error), 'assertive'),
    );

  return (
    <>
      <Button small onClick={() => judge(judgement === 'pinned' ? 'open' : 'pinned')}>
        {judgement === 'pinned' ? 'Unpin' : 'Pin'}
      </Button>
      {judgement === 'dismissed' ? (
        <Button small onClick={() => judge('open')}>
          Put back
        </Button>
      ) : (
        <Button small onClick={() => setDismissing(true)}>
          Rule out…
        </Button>
      )}
      {dismissing && (
        <ReasonDialog
          title="Rule this change out?"
          about={<Inert text={candidate.title} />}
          keptAs={`dismiss.${incident}.${candidate.id}`}
          action="Rule it out"
          placeholder="How you know that it was not this"
          onSubmit={async (reason) => {
            try {
              const answer = { as: 'dismissed' as const, reason };
              await call('candidates.judge', { incident, candidate: candidate.id, answer });
              announce(`Ruled out: ${candidate.title}. The others were ranked again.`);
            } catch (error) {
              throw new Error(messageOf(error));
            }
          }}
          onClose={() => setDismissing(false)}
        />
      )}
    </>
  );
}
