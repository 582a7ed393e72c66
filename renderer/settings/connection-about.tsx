import { useState } from 'react';
import type { Connection, ConnectionDescription } from '../../shared/vocabulary/connection.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Inert } from '../ui/inert.tsx';
import { Loading, Problem } from '../ui/panel-states.tsx';

/** What a connection is to Countersign, told once somebody wants to know. */
export function ConnectionAbout({ connection }: { connection: Connection['id'] }) {
  const [told, setTold] = useState<ConnectionDescription | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const ask = () => attempt(async () => setTold(await call('connections.describe', { connection })));
  return (
    <details
      className="connection-about"
      onToggle={({ currentTarget }) => {
        if (currentTarget.open && told === null && !busy) void ask();
      }}
    >
      <summary>What it reads</summary>
      {busy && <Loading what="Reading what it is" />}
      {problem && <Problem>{problem}</Problem>}
      {told && (
        <dl>
          <Told as="Reads" sentences={told.reads} />
          <Told as="Does not see" sentences={told.unseen} />
          <Told as="May be asked" sentences={told.answers} />
          <Told
            as="Changes"
            sentences={told.writes.length === 0 ? ['nothing: it is only read'] : told.writes}
          />
        </dl>
      )}
    </details>
  );
}

function Told({ as, sentences }: { as: string; sentences: string[] }) {
  if (sentences.length === 0) return null;
  return (
    <div>
      <dt>{as}</dt>
      {sentences.map((sentence) => (
        <dd key={sentence}>
          <Inert text={sentence} />
        </dd>
      ))}
    </div>
  );
}
