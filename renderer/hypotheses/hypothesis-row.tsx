import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import { Inert } from '../ui/inert.tsx';
import { Meter } from '../ui/meter.tsx';
import { confidenceWord, percent } from '../ui/words.ts';
import { EvidenceList } from './evidence-list.tsx';

/** One hypothesis; a muted one is told as a guess, because nothing like it is known. */
export function HypothesisRow(props: { hypothesis: Hypothesis; isOpen: boolean; isMuted: boolean }) {
  const { hypothesis, isMuted } = props;
  const [open, setOpen] = useState(props.isOpen);
  const { rank, claim, confidence, mechanism, gaps, disprovedBy } = hypothesis;
  return (
    <li className={isMuted ? 'hypothesis muted-guess' : 'hypothesis'}>
      <button type="button" className="hypothesis-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="hypothesis-rank">{rank}</span>
        <span className="hypothesis-claim">
          <Inert text={claim} />
          <span className="hypothesis-confidence">
            {isMuted && 'A guess · '}
            {confidenceWord(confidence)} · {percent(confidence)}
            <Meter value={confidence} label={`Confidence ${percent(confidence)}`} />
          </span>
        </span>
        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
      </button>
      {open && (
        <div className="hypothesis-detail">
          <p>
            <Inert text={mechanism} lines />
          </p>
          <HeldDown hypothesis={hypothesis} />
          <Part title="For">
            <EvidenceList evidence={hypothesis.for} none="Nothing speaks for it yet." />
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

/** That code lets it be no surer than this, where more was claimed. */
function HeldDown({ hypothesis: { claimed, confidence, ceiling } }: { hypothesis: Hypothesis }) {
  if (claimed === undefined || ceiling === undefined || claimed <= confidence) return null;
  return (
    <Part title={`Held at ${percent(ceiling.at)}, ${percent(claimed)} was claimed`}>
      <ul className="evidence">
        {ceiling.because.map((because) => (
          <li key={because}>{because}</li>
        ))}
      </ul>
    </Part>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div>
    <h3 className="hypothesis-part">{title}</h3>
    {children}
  </div>
);
