import { Link2, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Event, NoteEvent } from '../../shared/vocabulary/event.ts';
import { announce } from '../state/announcements.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { hasDraft } from '../ui/draft.ts';
import { Problem } from '../ui/panel-states.tsx';
import { NoteEditor, noteDraftOf } from './note-editor.tsx';

/** Keep it in view, pass a link to it on, and for a note: write it anew or take it away. */
export function EventActions({ event, pinned }: { event: Event; pinned: boolean }) {
  const { problem, attempt } = useAttempt();
  const { incident, key } = event;
  const note = event.kind === 'note' && isOpen(event) ? event : null;
  const [editing, setEditing] = useState(() => note !== null && hasDraft(noteDraftOf(note)));
  if (note && editing) return <NoteEditor note={note} onDone={() => setEditing(false)} />;
  return (
    <>
      {problem && <Problem>{problem}</Problem>}
      <div className="event-actions">
        <Button
          small
          look="quiet"
          onClick={() => void attempt(() => call('timeline.pin', { incident, key, pinned: !pinned }))}
        >
          {pinned ? <PinOff size={12} aria-hidden /> : <Pin size={12} aria-hidden />}
          {pinned ? 'Unpin' : 'Pin'}
        </Button>
        <Button small look="quiet" onClick={() => void copyLink(event)}>
          <Link2 size={12} aria-hidden />
          Copy link
        </Button>
        {note && (
          <>
            <Button small look="quiet" onClick={() => setEditing(true)}>
              <Pencil size={12} aria-hidden />
              Edit note
            </Button>
            <Button
              small
              look="quiet"
              onClick={() => void attempt(() => call('timeline.deleteNote', { incident, key }))}
            >
              <Trash2 size={12} aria-hidden />
              Delete note
            </Button>
          </>
        )}
      </div>
    </>
  );
}

const isOpen = (note: NoteEvent) => !note.fixed && note.trace?.at(-1)?.what !== 'deleted';

async function copyLink({ incident, key }: Event): Promise<void> {
  const place = `#/room/${encodeURIComponent(incident)}/${encodeURIComponent(key)}`;
  const link = `${location.origin}${location.pathname}${place}`;
  try {
    await navigator.clipboard.writeText(link);
    announce('The link to this event is on the clipboard.');
  } catch {
    announce(`The clipboard could not be written. The link is ${link}`);
  }
}
