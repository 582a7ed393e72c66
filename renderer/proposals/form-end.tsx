import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { VerdictLines } from './verdict-lines.tsx';

type FormEndProps = {
  rationale: string;
  onRationale(rationale: string): void;
  problem: string | null;
  /** What the guard denied, with its words. */
  denied: Proposal | null;
  busy: boolean;
  /** The verb on the button. */
  action: string;
  onCancel(): void;
};

/** How every form ends that proposes something: why, what stood against it, and the buttons. */
export function FormEnd({ rationale, onRationale, problem, denied, busy, action, onCancel }: FormEndProps) {
  return (
    <>
      <TextField
        label="Why"
        value={rationale}
        maxLength={2_000}
        onChange={(event) => onRationale(event.target.value)}
      />
      {problem && <Problem>{problem}</Problem>}
      {denied && <VerdictLines proposal={denied} />}
      <div className="dialog-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy || rationale.trim() === ''}>
          {action}
        </Button>
      </div>
    </>
  );
}
