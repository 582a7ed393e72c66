import { type ReactNode, useState } from 'react';
import { Button, type ButtonLook } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import { Problem } from './panel-states.tsx';

type ReasonDialogProps = {
  title: string;
  about?: ReactNode;
  /** The verb on the button. */
  action: string;
  look?: ButtonLook;
  initial?: string;
  placeholder?: string;
  label?: string;
  onSubmit(reason: string): Promise<void>;
  onClose(): void;
};

/** Asks for one line of why, then does it. A failure stays in the dialog with what was typed. */
export function ReasonDialog({ initial = '', look = 'primary', ...props }: ReasonDialogProps) {
  const [reason, setReason] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await props.onSubmit(reason.trim());
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
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" look={look} disabled={busy || reason.trim() === ''}>
            {props.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
