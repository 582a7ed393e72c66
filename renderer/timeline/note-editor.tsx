import { useEffect, useRef, useState } from 'react';
import type { NoteEvent } from '../../shared/vocabulary/event.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/panel-states.tsx';

/** Writes a note anew; the text stays in the box until it is kept. */
export function NoteEditor({ note, onDone }: { note: NoteEvent; onDone(): void }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(note.detail ?? note.title);
  const { busy, problem, attempt } = useAttempt();
  // The button that opened it is gone, and the focus with it.
  useEffect(() => box.current?.focus(), []);
  const save = () =>
    void attempt(async () => {
      await call('timeline.editNote', { incident: note.incident, key: note.key, text });
      onDone();
    });
  return (
    <form
      className="note-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {problem && <Problem>{problem}</Problem>}
      <textarea
        ref={box}
        className="input"
        rows={3}
        maxLength={4_000}
        aria-label="Text of the note"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(press) => {
          if (press.key === 'Escape') onDone();
        }}
      />
      <div className="event-actions">
        <Button small type="submit" look="primary" disabled={busy || text.trim() === ''}>
          Save note
        </Button>
        <Button small look="quiet" onClick={onDone}>
          Leave as it was
        </Button>
      </div>
    </form>
  );
}
