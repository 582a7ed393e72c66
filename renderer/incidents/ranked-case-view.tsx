import type { RankedCase, RankedChange } from '../../shared/vocabulary/ranked-case.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Meter } from '../ui/meter.tsx';
import { Time } from '../ui/time.tsx';
import { counted, percent, relativeTo } from '../ui/words.ts';

/** The first candidates of a case file with their reasons; what is not worth reading stays folded. */
export function RankedCaseView({ ranked }: { ranked: RankedCase }) {
  const { changes, worthReading, changeCount, serviceCount, onsetMs, novelty } = ranked;
  const others = changes.slice(worthReading);
  return (
    <div className="ranked-case">
      <p>
        <strong>{inertLine(ranked.name)}</strong>: {counted(serviceCount, 'service')},{' '}
        <Time atMs={ranked.fromMs} as="day" /> to <Time atMs={ranked.toMs} />.{' '}
        {onsetMs === null ? (
          'No onset of trouble was found in it.'
        ) : (
          <>
            The trouble is estimated to have begun at <Time atMs={onsetMs} />.
          </>
        )}
      </p>
      <p className="ranked-case-count">
        {counted(changeCount, 'change')} → {worthReading} worth reading
        <span className="muted"> · {percent(novelty)} likely that the cause is none of them</span>
      </p>
      <Changes label="Candidates" changes={changes.slice(0, worthReading)} onsetMs={onsetMs} />
      {others.length > 0 && (
        <details>
          <summary>{counted(others.length, 'more change')} that fit less</summary>
          <Changes label="Other changes" changes={others} onsetMs={onsetMs} />
        </details>
      )}
    </div>
  );
}

function Changes({
  label,
  changes,
  onsetMs,
}: {
  label: string;
  changes: readonly RankedChange[];
  onsetMs: number | null;
}) {
  return (
    <ol className="ranked-changes" aria-label={label}>
      {changes.map(({ id, kind, service, title, atMs, score, reasons }) => (
        <li key={id}>
          <div className="ranked-change-head">
            <strong>
              <Inert text={title} />
            </strong>
            <Chip>{kind}</Chip>
            <span className="muted">
              {inertLine(service)} ·{' '}
              {onsetMs === null ? <Time atMs={atMs} /> : relativeTo(atMs, onsetMs, 'onset')}
            </span>
            <span className="ranked-change-score">{percent(score)}</span>
          </div>
          <Meter value={score} label={`Score of ${inertLine(title)}`} />
          <p className="muted">{inertLine(reasons.join('; '))}</p>
        </li>
      ))}
    </ol>
  );
}
