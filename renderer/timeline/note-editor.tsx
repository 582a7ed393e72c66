import type { NoteEvent } from '../../shared/vocabulary/event.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useDraft } from '../ui/draft.ts';
import { TextEditor } from '../ui/text-editor.tsx';

/** What an unfinished text of a note is kept under. */
export const noteDraftOf = ({ incident, key }: NoteEvent) => `note.${incident}.${key}`;

/** Writes a note anew; the text stays in the box until it is kept. */
export function NoteEditor({ note, onDone }: { note: NoteEvent; onDone(): void }) {
  const { value: text, set, forget } = useDraft(noteDraftOf(note), note.detail ?? note.title);
  const { busy, problem, attempt } = useAttempt();
  const leave = () => {
    forget();
    onDone();
  };
  return (
    <TextEditor
      label="Text of the note"
      action="Save note"
      rows={3}
      maxLength={4_000}
      busy={busy}
      problem={problem}
      text={text}
      onText={set}
      onSave={() =>
        void attempt(async () => {
          await call('timeline.editNote', { incident: note.incident, key: note.key, text });
          leave();
        })
      }
      onLeave={leave}
    />
  );
}
