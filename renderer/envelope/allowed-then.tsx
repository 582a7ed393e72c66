import { useState } from 'react';
import type { EnvelopeThen } from '../../shared/vocabulary/envelope.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { EnvelopeContents } from './envelope-contents.tsx';

/** "What was allowed on …", answered from the log. */
export function AllowedThen() {
  const [local, setLocal] = useState('');
  const [then, setThen] = useState<EnvelopeThen | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const atMs = new Date(local).getTime();
  const ask = () => attempt(async () => setThen(await call('envelope.at', { atMs })));
  return (
    <section className="box envelope-section" aria-labelledby="envelope-then">
      <h2 id="envelope-then">What was allowed on a date</h2>
      <form
        className="envelope-ask"
        onSubmit={(event) => {
          event.preventDefault();
          if (!Number.isNaN(atMs)) void ask();
        }}
      >
        <TextField
          label="Date and time, as of this machine"
          type="datetime-local"
          step={1}
          value={local}
          onChange={(event) => setLocal(event.target.value)}
        />
        <Button type="submit" disabled={busy || Number.isNaN(atMs)}>
          Look it up
        </Button>
      </form>
      {problem && <Problem>{problem}</Problem>}
      <div role="status" className="envelope-then">
        {then && <Answer then={then} />}
      </div>
    </section>
  );
}

function Answer({ then }: { then: EnvelopeThen }) {
  switch (then.kind) {
    case 'not-on-record':
      return <p>{then.because}</p>;
    case 'none':
      return (
        <p>
          Nothing could be proposed, since <Time atMs={then.sinceMs} as="day" />:{' '}
          <Inert text={then.because} />
        </p>
      );
    case 'in-force':
      return (
        <>
          <p>
            Version {then.version} was in force, since <Time atMs={then.sinceMs} as="day" />; digest{' '}
            <code>{then.digest.slice(0, 12)}</code>.
          </p>
          {then.content ? (
            <EnvelopeContents content={then.content} />
          ) : (
            <p className="muted">It is from before versions were kept whole; its text is in its entry.</p>
          )}
        </>
      );
  }
}
