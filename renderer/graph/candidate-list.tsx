import { ChevronDown, ChevronRight, Pin, X } from 'lucide-react';
import { useRef } from 'react';
import type { Candidates, ChangeCandidate } from '../../shared/vocabulary/candidate.ts';
import { useIntent } from '../state/intents.ts';
import { seekEvent } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { CHANGE_ICONS } from '../ui/change-icons.ts';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Time } from '../ui/time.tsx';
import { countOf, relativeTo, sentenceCase } from '../ui/words.ts';
import { FactorList } from './factor-list.tsx';
import { JudgeButtons } from './judge-buttons.tsx';
import { ScoreBar } from './score-bar.tsx';

type ListProps = {
  candidates: Candidates;
  selected: string | null;
  all: boolean;
  onSelect(candidate: ChangeCandidate | null): void;
  onShowAll(all: boolean): void;
  onCompare(candidate: ChangeCandidate): void;
};

/** The changes that could have done it, best first; those not worth reading stay behind one button. */
export function CandidateList({ candidates, selected, all, onSelect, onShowAll, onCompare }: ListProps) {
  const { changes, worthReading, onsetMs } = candidates;
  // What is pinned stays in sight wherever it stands.
  const shown = changes
    .map((candidate, index) => ({ candidate, rank: index + 1, isWorth: index < Math.max(1, worthReading) }))
    .filter(({ candidate, isWorth }) => all || isWorth || candidate.judgement?.as === 'pinned');
  const list = useRef<HTMLOListElement>(null);

  const move = (by: number) => {
    const at = shown.findIndex(({ candidate }) => candidate.id === selected);
    const index = at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by));
    onSelect(shown[index]?.candidate ?? null);
    list.current?.querySelectorAll<HTMLElement>('.candidate-head')[index]?.focus();
  };
  useIntent('candidates.next', () => move(1));
  useIntent('candidates.previous', () => move(-1));
  useIntent('candidates.all', () => onShowAll(!all));

  return (
    <>
      {/* biome-ignore lint/a11y/noRedundantRoles: a list without bullets loses its role in some browsers. */}
      <ol className="candidates" role="list" aria-label="Candidates" ref={list}>
        {shown.map(({ candidate, rank, isWorth }) => (
          <li key={candidate.id} className={isWorth ? '' : 'candidate-rest'}>
            <CandidateRow
              candidate={candidate}
              rank={rank}
              onsetMs={onsetMs}
              open={candidate.id === selected}
              onToggle={() => onSelect(candidate.id === selected ? null : candidate)}
              onCompare={changes.length > 1 ? () => onCompare(candidate) : null}
            />
          </li>
        ))}
      </ol>
      {changes.length > worthReading && (
        <Button
          small
          look="quiet"
          className="candidates-more"
          aria-expanded={all}
          onClick={() => onShowAll(!all)}
        >
          {all ? `Show the ${worthReading} worth reading` : `Show all ${countOf(changes.length)}`}
        </Button>
      )}
    </>
  );
}

type RowProps = {
  candidate: ChangeCandidate;
  rank: number;
  onsetMs: number | null;
  open: boolean;
  onToggle(): void;
  /** Null where there is nothing to compare it with. */
  onCompare: (() => void) | null;
};

function CandidateRow({ candidate, rank, onsetMs, open, onToggle, onCompare }: RowProps) {
  const Icon = CHANGE_ICONS[candidate.kind];
  const { judgement } = candidate;
  const look = [open ? 'candidate-open' : '', judgement?.as === 'dismissed' ? 'candidate-dismissed' : ''];
  return (
    <div className={`candidate ${look.join(' ')}`}>
      <button
        type="button"
        className="candidate-head"
        aria-expanded={open}
        title={candidate.reasons.map(inertLine).join('\n')}
        onClick={onToggle}
      >
        <span className="candidate-rank">{rank}</span>
        <span className="candidate-score" title={`Score ${candidate.score.toFixed(2)} of 1`}>
          <ScoreBar candidate={candidate} />
          <span className="candidate-number">{candidate.score.toFixed(2)}</span>
        </span>
        <span className="candidate-what">
          <span className="candidate-title">
            <Inert text={candidate.title} />
          </span>
          <span className="candidate-about">
            <Icon size={12} aria-hidden />
            {sentenceCase(candidate.kind)} · <Inert text={candidate.service} /> ·{' '}
            {onsetMs === null ? <Time atMs={candidate.atMs} /> : relativeTo(candidate.atMs, onsetMs, 'onset')}
          </span>
          {judgement && (
            <span className="candidate-judgement">
              {judgement.as === 'pinned' ? <Pin size={12} aria-hidden /> : <X size={12} aria-hidden />}
              <Inert
                text={
                  judgement.as === 'pinned'
                    ? `Pinned by ${judgement.person}`
                    : `${judgement.person} ruled it out: ${judgement.reason}`
                }
              />
            </span>
          )}
          {!open && !judgement && candidate.reasons[0] && (
            <span className="candidate-reason">
              <Inert text={candidate.reasons[0]} />
            </span>
          )}
        </span>
        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
      </button>
      {open && (
        <div className="candidate-detail">
          <FactorList candidate={candidate} />
          <div className="candidate-actions">
            <Button small onClick={() => seekEvent(candidate.id)}>
              Show in the timeline
            </Button>
            <JudgeButtons candidate={candidate} />
            {onCompare && (
              <Button small onClick={onCompare}>
                Compare…
              </Button>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
