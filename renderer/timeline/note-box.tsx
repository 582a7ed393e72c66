import { useRef } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call } from '../state/call.ts';
import { useIntent } from '../state/intents.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { unlessChanged, useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/panel-states.tsx';

/** A line for the record; a note that could not be kept stays in the box. */
export function NoteBox({ incident }: { incident: Incident }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const { value: text, set: setText } = useDraft(`note.${incident.id}`);
  const { busy, problem, attempt } = useAttempt();
  useIntent('timeline.note', () => box.current?.focus());

  const add = async () => {
    if (busy || text.trim() === '') return;
    await attempt(async () => {
      await call('timeline.addNote', { incident: incident.id, text });
      setText(unlessChanged(text));
    });
  };

  return (
    <form
      className="note-box"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      {problem && <Problem>{problem}</Problem>}
      <div className="note-box-row">
        <textarea
          ref={box}
          className="input"
          rows={1}
          maxLength={4_000}
          aria-label="Note"
          placeholder="Write a note for the record  (n)"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void add();
          }}
        />
        <Button type="submit" disabled={busy || text.trim() === ''}>
          Add note
        </Button>
      </div>
    </form>
  );
}
