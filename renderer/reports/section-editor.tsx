import { useEffect, useRef } from 'react';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Report, ReportSection, SectionName } from '../../shared/vocabulary/report.ts';
import { call } from '../state/call.ts';
import { useDraft } from '../state/draft.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/panel-states.tsx';

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
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(draftOf(incident, name), written?.text);
  const leave = () => {
    setText(written?.text ?? '');
    onDone();
  };
  const { busy, problem, attempt } = useAttempt();
  useEffect(() => box.current?.focus(), []);
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
    <form
      className="section-editor"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {problem && <Problem>{problem}</Problem>}
      <textarea
        ref={box}
        className="input"
        rows={5}
        maxLength={20_000}
        aria-label={`Text of ${title}`}
        placeholder={hint}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="section-editor-foot">
        <Button type="submit" small look="primary" disabled={busy}>
          Save
        </Button>
        <Button small look="quiet" onClick={leave}>
          Leave as it was
        </Button>
        <span className="field-hint">Markdown. Nothing in it is loaded or followed.</span>
      </div>
    </form>
  );
}
