import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Novelty, RoomMemory } from '../../shared/vocabulary/memory.ts';
import { rereadRoom, useRoom, useRoomProblem, useRoomState } from '../state/room.ts';
import { Inert } from '../ui/inert.tsx';
import { Empty, WhenRead } from '../ui/panel-states.tsx';
import { counted } from '../ui/words.ts';
import { CalibrationSection } from './calibration.tsx';
import { OwnRecord } from './own-record.tsx';
import { SearchPast } from './search-past.tsx';
import { SimilarIncidentRow } from './similar-incident.tsx';
import './memory.css';

/** What earlier incidents say of this one, and how sure the analyst may be after them. */
export function MemoryPanel({ incident }: { incident: Incident }) {
  const memory = useRoom((room) => room.memory);
  const problem = useRoomProblem('memory');
  const readMs = useRoomState(({ state }) => (state.phase === 'ready' ? state.comparedMs : 0));
  const again = () => void rereadRoom();
  return (
    <section className="panel" aria-label="Memory">
      <WhenRead
        of={{ value: memory ?? null, problem, readMs, again }}
        loading="Comparing with what is remembered"
        failed="It could not be compared with what is remembered"
      >
        {(known) => <Remembered incident={incident} memory={known} />}
      </WhenRead>
    </section>
  );
}

function Remembered({ incident, memory }: { incident: Incident; memory: RoomMemory }) {
  const { remembered, similar, novelty, record } = memory;
  const kind = incident.realm === 'drill' ? 'drill' : 'incident';
  return (
    <>
      <div className="panel-head">
        <h2 className="panel-title">Memory</h2>
        <span className="panel-gap" />
        <span className="muted">{counted(remembered, `${kind} remembered`, `${kind}s remembered`)}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <section className="memory" tabIndex={0} aria-label="What is remembered">
        {incident.status === 'closed' && <OwnRecord incident={incident} record={record} />}
        <section aria-labelledby="memory-similar">
          <h3 id="memory-similar" className="section-title">
            Most like this one
          </h3>
          {novelty && <NoveltyLines novelty={novelty} />}
          {remembered === 0 ? (
            <p className="muted">
              Each {kind} that is closed is remembered with its cause, and compared with the next.
            </p>
          ) : similar.length === 0 ? (
            <Empty title="Nothing similar is known.">
              <p>None of {counted(remembered, `remembered ${kind}`)} looks like this one.</p>
            </Empty>
          ) : (
            <ol className="similar-list" aria-label="Similar incidents">
              {similar.map((one, index) => (
                <SimilarIncidentRow key={one.incident} similar={one} first={index === 0} />
              ))}
            </ol>
          )}
        </section>
        <SearchPast realm={incident.realm} />
        <CalibrationSection key={`${incident.realm} ${record?.confirmed?.atMs}`} realm={incident.realm} />
      </section>
    </>
  );
}

function NoveltyLines({ novelty: { sentences } }: { novelty: Novelty }) {
  return (
    <ul className="memory-novelty">
      {sentences.map((sentence) => (
        <li key={sentence}>
          <Inert text={sentence} />
        </li>
      ))}
    </ul>
  );
}
