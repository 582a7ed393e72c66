import { useEffect } from 'react';
import type { CredentialView } from '../../shared/vocabulary/credentials.ts';
import { call } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useRead } from '../state/use-read.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import './credentials.css';

/** A review takes a second or so. */
const REREAD_MS = 1_000;
/** So many other rights are shown; nobody reads more. */
const MOST_SURPLUS = 40;

/** What the credential of each connected cluster may do, beside what this envelope could ever need. */
export function CredentialsPanel() {
  const connected = useStatus()
    ?.sources.map(({ id, state }) => `${id} ${state}`)
    .join();
  const credentials = useRead('credentials', () => call('credentials.list', {}), connected);
  const { value, again, take } = credentials;
  const reviewing = value?.some(({ state }) => state === 'reviewing') ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again and again until every review has ended
  useEffect(() => {
    if (!reviewing) return;
    const timer = setTimeout(again, REREAD_MS);
    return () => clearTimeout(timer);
  }, [reviewing, value]);
  const replace = (view: CredentialView) =>
    take((value ?? []).map((one) => (one.connection === view.connection ? view : one)));

  return (
    <section className="box envelope-section" aria-labelledby="credentials-title">
      <h2 id="credentials-title">Credentials</h2>
      <WhenRead of={credentials} loading="Reading the credentials" failed="The credentials could not be read">
        {(views) =>
          views.length === 0 ? (
            <p className="muted">
              No cluster is connected. Once one is, what its credential may do is compared with what this
              envelope could ever need.
            </p>
          ) : (
            views.map((view) => <Credential key={view.connection} view={view} onReviewed={replace} />)
          )
        }
      </WhenRead>
    </section>
  );
}

function Credential({ view, onReviewed }: { view: CredentialView; onReviewed(view: CredentialView): void }) {
  const { attempt, busy, problem } = useAttempt();
  const { connection, name, sentence, dangerous, surplus, incomplete, refuses, reviewedMs } = view;
  return (
    <article className="credential" aria-label={name}>
      <div className="credential-head">
        <h3>
          <Inert text={name} />
        </h3>
        <Verdict view={view} />
        {view.realm === 'drill' && <Chip>Drill</Chip>}
        <span className="panel-gap" />
        <Button
          small
          disabled={busy}
          onClick={() =>
            void attempt(async () => onReviewed(await call('credentials.review', { connection })))
          }
        >
          Review again
        </Button>
      </div>
      <p>
        <Inert text={sentence} />
        {reviewedMs !== null && (
          <span className="muted">
            {' '}
            · asked of the server at <Time atMs={reviewedMs} />
          </span>
        )}
      </p>
      {problem && <Problem>{problem}</Problem>}
      {refuses && (
        <p className="credential-refuses">
          The envelope refuses every action through it but back-outs, until it holds no more than is needed.
        </p>
      )}
      {dangerous.length > 0 && (
        <ul aria-label={`Dangerous rights of ${name}`}>
          {dangerous.map(({ right, where, why }) => (
            <li key={`${right} ${where}`}>
              <code>
                <Inert text={right} />
              </code>{' '}
              <span className="muted">
                (<Inert text={where} />)
              </span>
              : <Inert text={why} />
            </li>
          ))}
        </ul>
      )}
      {surplus.length > 0 && (
        <details>
          <summary>
            {surplus.length} other {surplus.length === 1 ? 'right' : 'rights'} beyond the need
            {incomplete ? ', and the server may hold back some' : ''}
          </summary>
          <p className="credential-surplus">
            <Inert text={surplus.slice(0, MOST_SURPLUS).join(', ')} />
            {surplus.length > MOST_SURPLUS && ` and ${surplus.length - MOST_SURPLUS} more`}
          </p>
        </details>
      )}
    </article>
  );
}

function Verdict({ view: { state, dangerous, surplus } }: { view: CredentialView }) {
  if (state === 'reviewing') return <Chip>Being reviewed</Chip>;
  if (state === 'failed') return <Chip tone="bad">Not reviewed</Chip>;
  if (dangerous.length > 0) return <Chip tone="bad">{dangerous.length} dangerous</Chip>;
  return surplus.length > 0 ? <Chip tone="warn">More than needed</Chip> : <Chip tone="good">As needed</Chip>;
}
