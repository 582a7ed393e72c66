import type { NoteEvent } from '../../shared/vocabulary/event.ts';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { counted } from '../ui/words.ts';

/** That a note is not as it was first written; every text it had stands in the ledger. */
export function NoteTraceLine({ note }: { note: NoteEvent }) {
  const last = note.trace?.at(-1);
  if (!note.trace || !last) return null;
  const often = note.trace.length > 1 ? ` ${counted(note.trace.length, 'time')}, last` : '';
  return (
    <p className="note-trace">
      {last.what === 'edited' ? `Edited${often} by ` : 'Deleted by '}
      <Inert text={last.by} /> at <Time atMs={last.atMs} />; every text stays in the ledger
    </p>
  );
}
