import type { DebriefTruth } from '../../shared/vocabulary/drill.ts';
import { Inert } from '../ui/inert.tsx';
import { sinceBegan } from './part-words.ts';

/** The answer, told only now. */
export function Truth({ truth: { changes, services, conclusion, helps } }: { truth: DebriefTruth }) {
  return (
    <section className="box debrief-truth" aria-labelledby="debrief-truth">
      <h2 id="debrief-truth" className="debrief-box-title">
        What really happened
      </h2>
      <p className="debrief-conclusion">
        <Inert text={conclusion} />
      </p>
      <dl className="debrief-answer">
        <dt>Cause</dt>
        <dd>
          {changes.length === 0 ? (
            'None of the changes in the window.'
          ) : (
            <ul>
              {changes.map(({ id, title, at }) => (
                <li key={id}>
                  <Inert text={title} />
                  {at !== null && <span className="muted"> · {sinceBegan(at)}</span>}
                </li>
              ))}
            </ul>
          )}
        </dd>
        {services.length > 0 && (
          <>
            <dt>Where</dt>
            <dd>
              <Inert text={services.join(', ')} />
            </dd>
          </>
        )}
        <dt>What helps</dt>
        <dd>
          {helps.length === 0 ? (
            'Nothing here: to wait, or to call whoever can act, was right.'
          ) : (
            <ul>
              {helps.map((help) => (
                <li key={help}>
                  <Inert text={help} />
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
    </section>
  );
}
