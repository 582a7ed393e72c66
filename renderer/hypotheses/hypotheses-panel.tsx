import { ChevronDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Evidence, Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { announce } from '../state/announcements.ts';
import { call, messageOf } from '../state/call.ts';
import { useIntent } from '../state/intents.ts';
import { useRoom } from '../state/room.ts';
import { seekEvent } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Empty } from '../ui/panel-states.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { confidenceWord, percent } from '../ui/words.ts';
import './hypotheses.css';
import { EvidenceLinks } from '../ui/evidence-links.tsx';

/** From here on the cause is as likely outside the candidates as inside, and the screen says so first. */
const NOVEL = 0.5;
const NONE: Hypothesis[] = [];

/** What may have done it, with what speaks for and against, and what would disprove it. */
export function HypothesesPanel({ incident }: { incident: Incident }) {
  const hypotheses = useRoom((room) => room.hypotheses) ?? NONE;
  const novelty = useRoom((room) => room.candidates?.novelty ?? 0) ?? 0;
  const reading = useRoom((room) => room.analyst.state === 'reading') ?? false;
  const [challenging, setChallenging] = useState(false);
  useIntent('hypotheses.challenge', () => setChallenging(true));

  return (
    <section className="panel hypotheses" aria-label="Hypotheses">
      <div className="panel-head">
        <h2 className="panel-title">Hypotheses</h2>
        <span className="panel-gap" />
        <Button small disabled={incident.status === 'closed'} onClick={() => setChallenging(true)}>
          This does not smell right
        </Button>
      </div>
      {novelty >= NOVEL && <Novelty novelty={novelty} />}
      {hypotheses.length === 0 ? (
        <Empty title={reading ? 'The analyst is reading.' : 'No hypothesis yet.'}>
          <p>Each will come with evidence for and against it, and the check that would disprove it.</p>
        </Empty>
      ) : (
        <ol className="hypothesis-list">
          {hypotheses
            .toSorted((a, b) => a.rank - b.rank)
            .map((hypothesis) => (
              <HypothesisRow key={hypothesis.id} hypothesis={hypothesis} first={hypothesis.rank === 1} />
            ))}
        </ol>
      )}
      {challenging && (
        <ReasonDialog
          title="This does not smell right"
          about="Your doubt goes on record, and the analyst has to argue against its own first hypothesis."
          label="What does not fit"
          placeholder="Such as: the errors began before that deploy"
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

function Novelty({ novelty }: { novelty: number }) {
  return (
    <div className="novelty" role="note">
      <TriangleAlert size={16} aria-hidden />
      <p>
        <strong>This resembles nothing known.</strong> The probability that the cause is not among the
        candidates is {percent(novelty)}. Have a senior engineer read the evidence before anything is
        approved.
      </p>
    </div>
  );
}

function HypothesisRow({ hypothesis, first }: { hypothesis: Hypothesis; first: boolean }) {
  const [open, setOpen] = useState(first);
  const { rank, claim, confidence, mechanism, gaps, disprovedBy } = hypothesis;
  return (
    <li className="hypothesis">
      <button type="button" className="hypothesis-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="hypothesis-rank">{rank}</span>
        <span className="hypothesis-claim">
          <Inert text={claim} />
          <span className="hypothesis-confidence">
            {confidenceWord(confidence)} · {percent(confidence)}
            <meter min={0} max={1} value={confidence} aria-label={`Confidence ${percent(confidence)}`} />
          </span>
        </span>
        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
      </button>
      {open && (
        <div className="hypothesis-detail">
          <p>
            <Inert text={mechanism} lines />
          </p>
          <Part title="For">
            {<EvidenceList evidence={hypothesis.for} none="Nothing speaks for it yet." />}
          </Part>
          <Part title="Against">
            <EvidenceList
              evidence={hypothesis.against}
              none="Nothing was found against it, which is not proof."
            />
          </Part>
          {gaps.length > 0 && (
            <Part title="Not known">
              <ul className="evidence">
                {gaps.map((gap) => (
                  <li key={gap}>
                    <Inert text={gap} />
                  </li>
                ))}
              </ul>
            </Part>
          )}
          <Part title="Would disprove it">
            <p>
              <Inert text={disprovedBy} />
            </p>
          </Part>
        </div>
      )}
    </li>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div>
    <h3 className="hypothesis-part">{title}</h3>
    {children}
  </div>
);

function EvidenceList({ evidence, none }: { evidence: Evidence[]; none: string }) {
  if (evidence.length === 0) return <p className="muted">{none}</p>;
  return (
    <ul className="evidence">
      {evidence.map(({ sentence, events }) => (
        <li key={sentence}>
          <Inert text={sentence} />
          <EvidenceLinks keys={events} onShow={seekEvent} />
        </li>
      ))}
    </ul>
  );
}
