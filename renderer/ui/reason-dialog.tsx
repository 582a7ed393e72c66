import { type ReactNode, useState } from 'react';
import { Button, type ButtonLook } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { useDraft } from './draft.ts';
import { TextField } from './field.tsx';
import { Problem } from './panel-states.tsx';

type ReasonDialogProps = {
  title: string;
  about?: ReactNode;
  /** The verb on the button. */
  action: string;
  /** What the reason is for: it is kept under this until it is sent, or given up with Cancel. */
  keptAs: string;
  look?: ButtonLook;
  initial?: string;
  placeholder?: string;
  label?: string;
  onSubmit(reason: string): Promise<void>;
  onClose(): void;
};

/**
 * Asks for one line of why, then does it. A failure stays in the dialog with what was typed; so does whatever closes it
 * besides Cancel, until it is opened again.
 */
export function ReasonDialog({ initial = '', keptAs, look = 'primary', ...props }: ReasonDialogProps) {
  const { value: reason, set: setReason, forget } = useDraft(`reason.${keptAs}`, initial);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await props.onSubmit(reason.trim());
      forget();
      props.onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={props.title} onClose={props.onClose} {...(props.about ? { about: props.about } : {})}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && reason.trim() !== '') void submit();
        }}
      >
        <TextField
          label={props.label ?? 'Reason'}
          value={reason}
          maxLength={500}
          placeholder={props.placeholder ?? 'Why, in one line'}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setReason(event.target.value)}
        />
        {problem && <Problem>{problem}</Problem>}
        <div className="dialog-actions">
          <Button
            onClick={() => {
              forget();
              props.onClose();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" look={look} disabled={busy || reason.trim() === ''}>
            {props.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
