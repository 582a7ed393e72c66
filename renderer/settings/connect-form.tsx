import { type ReactNode, useState } from 'react';
import type { z } from 'zod';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { issuesIn } from './issues-in.ts';

type Props<Draft, Given, Tested> = {
  label: string;
  /** What was entered so far; a test's result is shown as long as it is about this. */
  draft: Draft;
  /** What is missing in the draft, or what there is to connect. */
  parse(draft: Draft): z.ZodSafeParseResult<Given>;
  test(given: Given): Promise<Tested>;
  tested(result: Tested): ReactNode;
  add(given: Given): Promise<unknown>;
  /** What was entered is given up, or was taken over. */
  forget(): void;
  onAdded(): void;
  onCancel(): void;
  children: ReactNode;
};

/** The form that connects a system: its fields, a test before anything is kept, and what went wrong. */
export function ConnectForm<Draft, Given, Tested>(props: Props<Draft, Given, Tested>) {
  const { label, draft, children, onAdded, onCancel } = props;
  const [result, setResult] = useState<{ of: Draft; found: Tested } | null>(null);
  const { busy, problem, attempt, tell } = useAttempt();
  const withDraft = async (what: (given: Given) => Promise<void>) => {
    const parsed = props.parse(draft);
    if (parsed.success) return attempt(() => what(parsed.data));
    tell(issuesIn(parsed.error));
  };
  const test = () => withDraft(async (given) => setResult({ of: draft, found: await props.test(given) }));
  const add = () =>
    withDraft(async (given) => {
      await props.add(given);
      props.forget();
      onAdded();
    });

  return (
    <form
      className="connection-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void add();
      }}
    >
      <div className="connection-fields">{children}</div>
      {problem && <Problem>{problem}</Problem>}
      <div aria-live="polite">{result?.of === draft && props.tested(result.found)}</div>
      <div className="dialog-actions">
        <Button
          onClick={() => {
            props.forget();
            onCancel();
          }}
        >
          Cancel
        </Button>
        <Button disabled={busy} onClick={() => void test()}>
          {busy && <span className="spinner" aria-hidden />}
          Test
        </Button>
        <Button type="submit" look="primary" disabled={busy}>
          Connect
        </Button>
      </div>
    </form>
  );
}

/** Without what was left empty. */
export const entered = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value !== ''),
  );

/** Several names in one field, parted by commas or spaces. */
export const namesIn = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '');
