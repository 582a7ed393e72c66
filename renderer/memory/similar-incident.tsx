import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type {
  Aspect,
  Likeness,
  RememberedIncident,
  SimilarIncident,
} from '../../shared/vocabulary/memory.ts';
import { Inert } from '../ui/inert.tsx';
import { Meter } from '../ui/meter.tsx';
import { Time } from '../ui/time.tsx';
import { percent } from '../ui/words.ts';

const ASPECTS: Record<Aspect, string> = {
  services: 'Services',
  signals: 'Signals',
  changeKinds: 'Kinds of change',
  words: 'Words',
};
const MOST_TERMS = 8;

/** A past incident: how alike it is, in what and in what not, what it was and what helped. */
export function SimilarIncidentRow({ similar, first }: { similar: SimilarIncident; first: boolean }) {
  const [open, setOpen] = useState(first);
  const { title, closedMs, similarity, likeness } = similar;
  return (
    <li className="similar">
      <button type="button" className="similar-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
        <span className="similar-title">
          <Inert text={title} />
        </span>
        <span className="muted">
          <Time atMs={closedMs} as="day" />
        </span>
        <span className="similar-share">
          {percent(similarity)} alike
          <Meter value={similarity} label={`${percent(similarity)} alike`} />
        </span>
      </button>
      {open && (
        <div className="similar-detail">
          <Conclusion of={similar} />
          <table className="table">
            <thead>
              <tr>
                <th>Aspect</th>
                <th>Alike</th>
                <th>Only now</th>
                <th>Only then</th>
              </tr>
            </thead>
            <tbody>
              {likeness.map((one) => (
                <LikenessRow key={one.aspect} likeness={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </li>
  );
}

function LikenessRow({ likeness: { aspect, score, weight, ...terms } }: { likeness: Likeness }) {
  return (
    <tr>
      <th scope="row">
        {ASPECTS[aspect]}
        <span className="muted similar-weight">
          {percent(score)}, counts {percent(weight)}
        </span>
      </th>
      <td>
        <Terms terms={terms.alike} />
      </td>
      <td>
        <Terms terms={terms.onlyNow} />
      </td>
      <td>
        <Terms terms={terms.onlyThen} />
      </td>
    </tr>
  );
}

function Terms({ terms }: { terms: readonly string[] }) {
  if (terms.length === 0) return <span className="muted">none</span>;
  const left = terms.length - MOST_TERMS;
  return (
    <>
      <Inert text={terms.slice(0, MOST_TERMS).join(', ')} />
      {left > 0 && <span className="muted"> and {left} more</span>}
    </>
  );
}

/** What it was and what helped, as people confirmed it. */
export function Conclusion({ of }: { of: Pick<RememberedIncident, 'confirmed' | 'tried'> }) {
  const { confirmed, tried } = of;
  return (
    <dl className="past-conclusion">
      <dt>Cause</dt>
      <dd>
        {confirmed ? (
          <>
            <Inert text={confirmed.inWords} />
            <span className="muted">
              {' '}
              (confirmed by <Inert text={confirmed.person} />)
            </span>
          </>
        ) : (
          <span className="muted">Nobody confirmed it</span>
        )}
      </dd>
      {confirmed?.helped && (
        <>
          <dt>Helped</dt>
          <dd>
            <Inert text={confirmed.helped} lines />
          </dd>
        </>
      )}
      {confirmed?.didNotHelp && (
        <>
          <dt>Did not help</dt>
          <dd>
            <Inert text={confirmed.didNotHelp} lines />
          </dd>
        </>
      )}
      {tried.length > 0 && (
        <>
          <dt>Tried</dt>
          <dd>
            {tried.map(({ title, outcome }) => (
              <span key={`${title} ${outcome}`} className="tried">
                <Inert text={title} />: <Inert text={outcome} />
              </span>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}
