import type { ReactNode } from 'react';
import type { Mistake, WeeklyReview } from '../../shared/vocabulary/weekly-review.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { counted, duration, percent } from '../ui/words.ts';
import { entryLink, roomLink } from './links.ts';

/** The four questions of a review, each with what the record answers. */
export function ReviewParts({ review }: { review: WeeklyReview }) {
  const { realm, incidents, denials, waited, mistakes, executed, helped, causes } = review;
  return (
    <div className="review-parts">
      <Part
        title="What happened"
        none="No incident was open this week."
        sum={
          executed > 0 ? `${counted(executed, 'action')} executed, ${helped} helped` : 'Nothing was executed'
        }
      >
        {incidents.map(({ id, title, severity, openedMs, closedMs, cause }) => (
          <li key={id}>
            <Chip tone={severity === 'sev1' || severity === 'sev2' ? 'warn' : 'plain'}>
              {severity.toUpperCase()}
            </Chip>{' '}
            <a href={roomLink(id)}>
              <Inert text={title} />
            </a>
            <p className="muted">
              <Time atMs={openedMs} as="day" />,{' '}
              {closedMs === null ? 'still open' : `took ${duration(closedMs - openedMs)}`}.{' '}
              {cause === null ? 'Cause not confirmed.' : <Inert text={`Cause: ${cause}`} />}
            </p>
          </li>
        ))}
      </Part>
      <Part title="What was denied" none="Nothing was denied.">
        {denials.map(({ seq, who, by, what, because }) => (
          <li key={seq}>
            <a href={entryLink(realm, seq)}>
              <Inert text={what} />
            </a>
            <p className="muted">
              {by === 'guard' ? 'The guard' : <Inert text={who} />}: <Inert text={because} />
            </p>
          </li>
        ))}
      </Part>
      <Part title="What waited too long" none="Nothing waited too long.">
        {waited.map(({ kind, title, incident, openedMs, waitedMs, targetMs, isWaiting }) => (
          <li key={`${kind} ${title} ${openedMs}`}>
            <a href={roomLink(incident)}>
              <Inert text={title} />
            </a>
            <p className="muted">
              {kind === 'escalation'
                ? `An escalation: ${isWaiting ? 'waits' : 'waited'} ${duration(waitedMs)}, target ${duration(targetMs)}`
                : `A proposal: nobody decided in ${duration(waitedMs)}`}
            </p>
          </li>
        ))}
      </Part>
      <Part
        title="What the analyst got wrong"
        none="Nothing is known to have been wrong."
        sum={
          causes.of === 0
            ? 'No cause was confirmed, so its claims are not judged'
            : `Its first hypothesis was confirmed in ${causes.named} of ${causes.of}`
        }
      >
        {mistakes.map((mistake) => (
          <MistakeItem key={JSON.stringify(mistake)} mistake={mistake} />
        ))}
      </Part>
    </div>
  );
}

function Part({
  title,
  none,
  sum,
  children,
}: {
  title: string;
  none: string;
  sum?: string;
  children: readonly ReactNode[];
}) {
  return (
    <section className="review-part" aria-label={title}>
      <h3 className="section-title">
        {title} {children.length > 0 && <span className="panel-count">{children.length}</span>}
      </h3>
      {sum !== undefined && <p className="muted">{sum}.</p>}
      {children.length === 0 ? <p className="muted">{none}</p> : <ul className="review-list">{children}</ul>}
    </section>
  );
}

function MistakeItem({ mistake }: { mistake: Mistake }) {
  const claim = mistake.kind === 'hypothesis' ? mistake.claim : mistake.title;
  return (
    <li>
      <a href={roomLink(mistake.incident)}>
        <Inert text={claim} />
      </a>
      <p className="muted">
        {mistake.kind === 'hypothesis' ? (
          <>
            Held {percent(mistake.confidence)} likely; it was: <Inert text={mistake.confirmed} />
          </>
        ) : (
          <>
            Suggested and executed, {mistake.outcome}: <Inert text={mistake.sentence} />
          </>
        )}
      </p>
    </li>
  );
}
