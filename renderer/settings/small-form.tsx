import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/panel-states.tsx';

type SmallFormProps = {
  /** What assistive tools call it. */
  label: string;
  /** The verb on the button. */
  action: string;
  busy: boolean;
  problem: string | null;
  /** Whether enough was entered to try it. */
  isReady?: boolean;
  onSubmit(): Promise<void>;
  onCancel(): void;
  children: ReactNode;
};

/** A form in its place among the settings: its fields, what went wrong, and the two ways out. */
export function SmallForm({ label, action, busy, problem, isReady = true, ...props }: SmallFormProps) {
  return (
    <form
      className="connection-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && isReady) void props.onSubmit();
      }}
    >
      {props.children}
      {problem && <Problem>{problem}</Problem>}
      <div className="dialog-actions">
        <Button onClick={props.onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy || !isReady}>
          {action}
        </Button>
      </div>
    </form>
  );
}
