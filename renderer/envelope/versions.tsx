import { useState } from 'react';
import type { EnvelopeDiff, EnvelopeVersionView } from '../../shared/vocabulary/envelope.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { DiffInWords } from './diff-in-words.tsx';
import { TRUSTED_AS } from './envelope-now.tsx';

/** Every version that was accepted here, newest first, each with what it changed. */
export function Versions({ versions }: { versions: readonly EnvelopeVersionView[] }) {
  const [shown, show] = useState<{ of: string; diff: EnvelopeDiff } | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const compare = (newer: EnvelopeVersionView, older: EnvelopeVersionView) =>
    attempt(async () => {
      const diff = await call('envelope.diff', { older: older.digest, newer: newer.digest });
      show({ of: newer.digest, diff });
    });
  return (
    <section className="box envelope-section" aria-labelledby="envelope-versions">
      <h2 id="envelope-versions">Versions</h2>
      {versions.length === 0 && (
        <p className="muted">None is on record yet. The first incident puts the one in force there.</p>
      )}
      <ul className="envelope-versions">
        {versions.map((version, at) => {
          const older = versions[at + 1];
          return (
            <li key={version.seq}>
              <div className="envelope-version">
                <span>
                  <strong>Version {version.version}</strong>, accepted{' '}
                  <Time atMs={version.acceptedMs} as="day" />, signed by <Inert text={version.signer.name} />{' '}
                  ({TRUSTED_AS[version.trustedAs]})
                </span>
                <code className="muted">{version.digest.slice(0, 12)}</code>
                {older && (
                  <Button small disabled={busy} onClick={() => compare(version, older)}>
                    What changed since version {older.version}
                  </Button>
                )}
              </div>
              {shown?.of === version.digest && <DiffInWords diff={shown.diff} />}
            </li>
          );
        })}
      </ul>
      {problem && <Problem>{problem}</Problem>}
    </section>
  );
}
