import type { Event, NoteEvent, NoteTrace } from '../../shared/vocabulary/event.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { Failure } from '../platform/failure.ts';
import { randomIds } from '../platform/ids.ts';
import type { RealmDesk } from './realm.ts';

/** A title is what a line shows; a text that is longer stands whole in the detail. */
const LONGEST_TITLE = 300;

type Shown = { title: string; detail?: string };
type Realm = Pick<RealmDesk, 'ledger' | 'timeline' | 'clock'>;

/**
 * What people write on the timeline: on record first, shown under the same key after. A note may be written anew or taken
 * away by whoever is at the controls; that leaves its trace on the line, and every text stays in the ledger.
 */
export function noteDesk({ ledger, timeline, clock }: Realm) {
  /** A line that states what a person decided stands as it is: `fixed`. */
  function write(
    incident: IncidentId,
    by: string,
    said: Record<string, string>,
    shown: Shown,
    fixed = false,
  ): Event {
    const key = randomIds('note');
    record(incident, by, { key, ...said });
    const [note] = timeline.add(incident, [
      {
        kind: 'note',
        key,
        atMs: clock.now(),
        service: null,
        ...shown,
        source: by,
        author: by,
        ...(fixed ? { fixed } : {}),
      },
    ]);
    if (!note) throw new Error('A note has a key of its own');
    return note;
  }

  /** @throws Failure `not_found`; `conflict` for what is no note of a person's own words, or was deleted. */
  function find(incident: IncidentId, key: string): NoteEvent {
    const event = timeline.find(incident, key);
    if (event.kind !== 'note' || event.fixed)
      throw new Failure('conflict', 'Only a note can be changed; this line stands as it was recorded');
    const last = event.trace?.at(-1);
    if (last?.what === 'deleted') throw new Failure('conflict', `${last.by} deleted this note already`);
    return event;
  }

  function change(note: NoteEvent, shown: Shown, what: NoteTrace['what'], by: string): Event {
    const { title: _title, detail: _detail, ...rest } = note;
    const changed: NoteEvent = {
      ...rest,
      ...shown,
      trace: [...(note.trace ?? []), { what, by, atMs: clock.now() }],
    };
    timeline.replace(changed);
    return changed;
  }

  const record = (incident: IncidentId, by: string, body: Record<string, string>) =>
    ledger.record({ kind: 'note', incident, actor: { kind: 'person', name: by }, body });

  return {
    write,
    add: (incident: IncidentId, text: string, by: string): Event =>
      write(incident, by, { text }, shownOf(text)),
    edit(incident: IncidentId, key: string, text: string, by: string): Event {
      const note = find(incident, key);
      record(incident, by, { key, was: 'edited', text });
      return change(note, shownOf(text), 'edited', by);
    },
    remove(incident: IncidentId, key: string, by: string): Event {
      const note = find(incident, key);
      record(incident, by, { key, was: 'deleted' });
      return change(note, { title: `${by} deleted a note` }, 'deleted', by);
    },
  };
}

const shownOf = (text: string): Shown =>
  text.length > LONGEST_TITLE || text.includes('\n')
    ? { title: firstLine(text), detail: text }
    : { title: text };

const firstLine = (text: string) => (text.split('\n', 1)[0] ?? '').slice(0, LONGEST_TITLE);
