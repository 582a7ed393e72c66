import { useState } from 'react';
import { isJudged } from '../../shared/vocabulary/candidate.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { announce } from '../state/announcements.ts';
import { call, messageOf } from '../state/call.ts';
import { useIntent } from '../state/intents.ts';
import { useRoom } from '../state/room.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/panel-states.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { ConclusionLine } from './conclusion-line.tsx';
import { HypothesisRow } from './hypothesis-row.tsx';
import { NoveltyBanner } from './novelty-banner.tsx';
import './hypotheses.css';

/** From here on the cause is as likely outside the candidates as inside, and the screen says so first. */
const NOVEL = 0.5;
const NONE: Hypothesis[] = [];

/** What may have done it, with what speaks for and against, and what would disprove it. */
export function HypothesesPanel({ incident }: { incident: Incident }) {
  const hypotheses = useRoom((room) => room.hypotheses) ?? NONE;
  const outside =
    useRoom(({ candidates }) => (candidates && isJudged(candidates) ? candidates.novelty : 0)) ?? 0;
  const novelty = useRoom((room) => room.memory?.novelty) ?? null;
  const reading = useRoom((room) => room.analyst.state === 'reading') ?? false;
  const [challenging, setChallenging] = useState(false);
  useIntent('hypotheses.challenge', () => setChallenging(true));
  const isNovel = novelty?.isNovel === true || outside >= NOVEL;

  return (
    <section className="panel hypotheses" aria-label="Hypotheses">
      <div className="panel-head">
        <h2 className="panel-title">Hypotheses</h2>
        <span className="panel-gap" />
        <Button small disabled={incident.status === 'closed'} onClick={() => setChallenging(true)}>
          This does not smell right
        </Button>
      </div>
      {isNovel && <NoveltyBanner outside={outside} sentences={novelty?.sentences ?? []} />}
      {hypotheses.length === 0 ? (
        <Empty title={reading ? 'The analyst is reading.' : 'No hypothesis yet.'}>
          <p>Each will come with evidence for and against it, and the check that would disprove it.</p>
        </Empty>
      ) : (
        <>
          <ConclusionLine />
          <ol className="hypothesis-list">
            {hypotheses
              .toSorted((a, b) => a.rank - b.rank)
              .map((hypothesis) => (
                <HypothesisRow
                  key={hypothesis.id}
                  hypothesis={hypothesis}
                  isOpen={hypothesis.rank === 1}
                  isMuted={isNovel && hypothesis.rank === 1 && hypothesis.cause !== null}
                />
              ))}
          </ol>
        </>
      )}
      {challenging && (
        <ReasonDialog
          title="This does not smell right"
          about="Your doubt goes on record, and the analyst has to argue against its own first hypothesis."
          label="What does not fit"
          placeholder="Such as: the errors began before that deploy"
          keptAs={`challenge.${incident.id}`}
          action="Challenge it"
          onSubmit={(reason) =>
            call('hypotheses.challenge', { incident: incident.id, reason }).then(
              () => announce('Your challenge is on record; the analyst reads again.'),
              (error: unknown) => {
                throw new Error(messageOf(error));
              },
            )
          }
          onClose={() => setChallenging(false)}
        />
      )}
    </section>
  );
}
