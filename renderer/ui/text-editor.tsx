import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { Problem } from './panel-states.tsx';

type TextEditorProps = {
  /** What the box is called, and the verb on the button. */
  label: string;
  action: string;
  rows: number;
  maxLength: number;
  placeholder?: string;
  hint?: ReactNode;
  mayBeEmpty?: boolean;
  busy: boolean;
  problem: string | null;
  text: string;
  onText(text: string): void;
  onSave(): void;
  /** What was written is given up. */
  onLeave(): void;
};

/** A text that a person writes in the place where it will stand. It stays in the box until it is kept. */
export function TextEditor({ label, action, text, hint, busy, problem, ...props }: TextEditorProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  // The button that opened it is gone, and the focus with it.
  useEffect(() => box.current?.focus(), []);
  return (
    <form
      className="text-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) props.onSave();
      }}
    >
      {problem && <Problem>{problem}</Problem>}
      <textarea
        ref={box}
        className="input"
        rows={props.rows}
        maxLength={props.maxLength}
        aria-label={label}
        placeholder={props.placeholder}
        value={text}
        onChange={(event) => props.onText(event.target.value)}
      />
      <div className="text-editor-foot">
        <Button
          small
          type="submit"
          look="primary"
          disabled={busy || (props.mayBeEmpty !== true && text.trim() === '')}
        >
          {action}
        </Button>
        <Button small look="quiet" onClick={props.onLeave}>
          Leave as it was
        </Button>
        {hint && <span className="field-hint">{hint}</span>}
      </div>
    </form>
  );
}
