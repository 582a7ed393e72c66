import { X } from 'lucide-react';
import type { Candidates, ChangeCandidate, Factor } from '../../shared/vocabulary/candidate.ts';
import { Button } from '../ui/button.tsx';
import { Group } from '../ui/group.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Time } from '../ui/time.tsx';
import { relativeTo, sentenceCase } from '../ui/words.ts';
import { Lean } from './factor-list.tsx';
import { isSilent, weightOf } from './factors.ts';
import { ScoreBar } from './score-bar.tsx';

export type Compared = readonly [left: string, right: string];

type ComparisonProps = {
  candidates: Candidates;
  compared: Compared;
  onCompare(compared: Compared): void;
  onClose(): void;
};

/** Two candidates side by side, reason by reason: what tells them apart stands first. */
export function Comparison({ candidates, compared, onCompare, onClose }: ComparisonProps) {
  const find = (id: string) => candidates.changes.find((one) => one.id === id);
  const left = find(compared[0]);
  const right = find(compared[1]);
  return (
    <Group className="comparison" label="Comparison of two candidates" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th>
              <Button small look="quiet" aria-label="Close the comparison" onClick={onClose}>
                <X size={13} aria-hidden />
              </Button>
            </th>
            <th>
              <Choice
                label="First candidate"
                value={compared[0]}
                candidates={candidates}
                onChoose={(id) => onCompare([id, compared[1]])}
              />
            </th>
            <th>
              <Choice
                label="Second candidate"
                value={compared[1]}
                candidates={candidates}
                onChoose={(id) => onCompare([compared[0], id])}
              />
            </th>
          </tr>
        </thead>
        <tbody>
          <Row what="Score" of={[left, right]}>
            {(one) => (
              <span className="comparison-score">
                <ScoreBar candidate={one} /> {one.score.toFixed(2)}
              </span>
            )}
          </Row>
          <Row what="When" of={[left, right]}>
            {({ atMs }) =>
              candidates.onsetMs === null ? (
                <Time atMs={atMs} />
              ) : (
                relativeTo(atMs, candidates.onsetMs, 'onset')
              )
            }
          </Row>
          <Row what="Where" of={[left, right]}>
            {({ kind, service }) => (
              <>
                {sentenceCase(kind)} · <Inert text={service} />
              </>
            )}
          </Row>
          {factorNames(left, right).map((name) => (
            <Row key={name} what={sentenceCase(name)} of={[left, right]}>
              {(one) => <FactorCell factor={one.factors.find((factor) => factor.name === name)} />}
            </Row>
          ))}
        </tbody>
      </table>
    </Group>
  );
}

type Side = ChangeCandidate | undefined;

/** Those that differ most first. */
export function factorNames(left: Side, right: Side): string[] {
  const weight = (side: Side, name: string) => {
    const factor = side?.factors.find((one) => one.name === name);
    return factor ? weightOf(factor) : 0;
  };
  const apart = (name: string) => Math.abs(weight(left, name) - weight(right, name));
  const names = new Set([...(left?.factors ?? []), ...(right?.factors ?? [])].map(({ name }) => name));
  return [...names].toSorted((a, b) => apart(b) - apart(a) || (a < b ? -1 : 1));
}

function Row({
  what,
  of,
  children,
}: {
  what: string;
  of: readonly [Side, Side];
  children(candidate: ChangeCandidate): React.ReactNode;
}) {
  return (
    <tr>
      <th scope="row">{what}</th>
      <td>{of[0] && children(of[0])}</td>
      <td>{of[1] && children(of[1])}</td>
    </tr>
  );
}

function FactorCell({ factor }: { factor: Factor | undefined }) {
  if (!factor) return <span className="muted">not weighed</span>;
  return (
    <span className="factor">
      {isSilent(factor) ? <span className="lean" /> : <Lean factor={factor} />}
      <Inert text={factor.sentence} />
    </span>
  );
}

type ChoiceProps = { label: string; value: string; candidates: Candidates; onChoose(id: string): void };

const Choice = ({ label, value, candidates, onChoose }: ChoiceProps) => (
  <select aria-label={label} value={value} onChange={({ target }) => onChoose(target.value)}>
    {candidates.changes.map(({ id, title }, index) => (
      <option key={id} value={id}>
        {index + 1}. {inertLine(title)}
      </option>
    ))}
  </select>
);
