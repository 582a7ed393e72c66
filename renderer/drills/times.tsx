import type { Debrief } from '../../shared/vocabulary/drill.ts';
import { duration } from '../ui/words.ts';
import { sinceBegan } from './part-words.ts';

/** The three times a person asks first, from the moment the trouble began. */
export function Times({ debrief: { times, truth } }: { debrief: Debrief }) {
  const { detect, cause, causeFirst, mitigation } = times;
  return (
    <section aria-label="Times">
      <h2 className="section-title">From the moment the trouble began</h2>
      <dl className="debrief-times">
        <Figure name="Detected" ms={detect} none="Not detected" about="an alert fired, or somebody looked" />
        <Figure
          name="First correct hypothesis"
          ms={cause}
          none="Never"
          about={
            causeFirst === null
              ? 'it never stood first'
              : causeFirst === cause
                ? 'and it stood first at once'
                : `it stood first after ${duration(causeFirst)}`
          }
        />
        <Figure
          name="Mitigated"
          ms={mitigation}
          none={truth.helps.length === 0 ? 'Nothing to do' : 'Never'}
          about={
            mitigation !== null
              ? 'the expected effect had come'
              : truth.helps.length === 0
                ? 'no action would have helped'
                : 'no action that helps was seen to work'
          }
        />
      </dl>
    </section>
  );
}

function Figure({ name, ms, none, about }: { name: string; ms: number | null; none: string; about: string }) {
  return (
    <div className="box debrief-time">
      <dt>{name}</dt>
      <dd className={ms === null ? 'debrief-figure debrief-figure-none' : 'debrief-figure'}>
        {ms === null ? none : sinceBegan(ms)}
      </dd>
      <dd className="muted">{about}</dd>
    </div>
  );
}
