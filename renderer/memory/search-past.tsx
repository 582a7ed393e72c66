import { type FormEvent, useState } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { RememberedIncident } from '../../shared/vocabulary/memory.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { Conclusion } from './similar-incident.tsx';

/** Past incidents by the words they hold. */
export function SearchPast({ realm }: { realm: Realm }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<RememberedIncident[] | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const search = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '')
      void attempt(async () => setFound(await call('memory.search', { realm, text: text.trim() })));
  };
  return (
    <section aria-labelledby="memory-search">
      <h3 id="memory-search" className="section-title">
        Search {realm === 'drill' ? 'past drills' : 'past incidents'}
      </h3>
      <form className="memory-search" onSubmit={search}>
        <input
          className="input"
          type="search"
          aria-labelledby="memory-search"
          placeholder="words of the title, the cause, what helped"
          autoComplete="off"
          maxLength={300}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" small disabled={busy || text.trim() === ''}>
          Search
        </Button>
      </form>
      {problem && <Problem>{problem}</Problem>}
      <div aria-live="polite">
        {found?.length === 0 && <p className="muted">None holds all of these words.</p>}
        {found?.map((record) => (
          <article key={record.incident} className="past" aria-label={`Past incident: ${record.title}`}>
            <h4 className="past-title">
              <Inert text={record.title} /> <Time atMs={record.closedMs} as="day" />
            </h4>
            <Conclusion of={record} />
          </article>
        ))}
      </div>
    </section>
  );
}
