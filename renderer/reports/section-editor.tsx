import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Report, ReportSection, SectionName } from '../../shared/vocabulary/report.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useDraft } from '../ui/draft.ts';
import { TextEditor } from '../ui/text-editor.tsx';

type SectionEditorProps = {
  incident: IncidentId;
  section: ReportSection;
  onWritten(report: Report): void;
  onDone(): void;
};

/** What an unfinished text of a section is kept under. */
export const draftOf = (incident: IncidentId, section: SectionName) => `report.${incident}.${section}`;

/** A person's own text for a section. It stays in the box until the host has it, also when somebody wrote meanwhile. */
export function SectionEditor({ incident, section, onWritten, onDone }: SectionEditorProps) {
  const { name, title, hint, written } = section;
  const draft = useDraft(draftOf(incident, name), written?.text);
  const { busy, problem, attempt } = useAttempt();
  const { value: text } = draft;
  const leave = () => {
    draft.forget();
    onDone();
  };
  const save = () =>
    void attempt(async () => {
      try {
        onWritten(await call('report.write', { incident, section: name, text, was: written?.atMs ?? null }));
      } catch (error) {
        // What the others wrote is shown below the box, and the next try is made on top of it.
        onWritten(await call('report.read', { incident }));
        throw error;
      }
      leave();
    });
  return (
    <TextEditor
      label={`Text of ${title}`}
      action="Save"
      rows={5}
      maxLength={20_000}
      placeholder={hint}
      hint="Markdown. Nothing in it is loaded or followed."
      mayBeEmpty
      busy={busy}
      problem={problem}
      text={text}
      onText={draft.set}
      onSave={save}
      onLeave={leave}
    />
  );
}
