import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { ConfirmedCause, Review } from '../../shared/vocabulary/memory.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { inertLine } from '../ui/inert-text.ts';

/** What is typed; `cause` is the value of an option below. */
export type ReviewDraft = { cause: string; outside: string; helped: string; didNotHelp: string };
export const NOTHING_SAID: ReviewDraft = { cause: '', outside: '', helped: '', didNotHelp: '' };

const MOST_CHANGES = 8;
const OUTSIDE = 'outside';
const NONE = 'none';
const UNKNOWN = 'unknown';
/** Before the key of a change, so that none is taken for one of the words above. */
const CHANGE = 'change:';

/** The review, when the draft says enough to be one: nothing chosen is no answer, and "something else" says what. */
export function reviewOf({ cause, outside, helped, didNotHelp }: ReviewDraft): Review | null {
  const confirmed = causeOf(cause, outside.trim());
  return confirmed && { cause: confirmed, helped: helped.trim(), didNotHelp: didNotHelp.trim() };
}

function causeOf(cause: string, outside: string): ConfirmedCause | null {
  if (cause === '') return null;
  if (cause === NONE) return { as: 'none' };
  if (cause === UNKNOWN) return { as: 'unknown' };
  if (cause === OUTSIDE) return outside === '' ? null : { as: 'outside', what: outside };
  return { as: 'change', changes: [cause.slice(CHANGE.length)] };
}

/** Whether something was chosen and yet is no answer. */
export const isUnfinished = (draft: ReviewDraft): boolean => draft.cause !== '' && reviewOf(draft) === null;

/** Which of the changes it was, or what else; what helped, and what did not. */
export function ReviewFields({
  draft,
  onChange: set,
  hypotheses,
  candidates,
}: {
  draft: ReviewDraft;
  onChange(change: Partial<ReviewDraft>): void;
  hypotheses: readonly Hypothesis[];
  candidates: Candidates | null;
}) {
  const named = hypotheses.flatMap(({ cause }) => (cause === null ? [] : [cause]));
  const changes = (candidates?.changes ?? []).filter(
    ({ id }, place) => place < MOST_CHANGES || named.includes(id),
  );
  return (
    <>
      <SelectField
        label="What was the cause?"
        hint="Remembered with the incident, and held against what the analyst stated."
        value={draft.cause}
        onChange={(event) => set({ cause: event.target.value })}
      >
        <option value="">Not said now</option>
        {changes.map(({ id, title, service }) => (
          <option key={id} value={`${CHANGE}${id}`}>
            {inertLine(service === '' ? title : `${title} (${service})`)}
          </option>
        ))}
        <option value={OUTSIDE}>Something else: say what</option>
        <option value={NONE}>There was no trouble</option>
        <option value={UNKNOWN}>It was not found</option>
      </SelectField>
      {draft.cause === OUTSIDE && (
        <TextField
          label="What it was"
          maxLength={500}
          value={draft.outside}
          onChange={(event) => set({ outside: event.target.value })}
        />
      )}
      {draft.cause !== '' && (
        <>
          <TextField
            label="What helped"
            maxLength={1000}
            value={draft.helped}
            onChange={(event) => set({ helped: event.target.value })}
          />
          <TextField
            label="What did not help"
            maxLength={1000}
            value={draft.didNotHelp}
            onChange={(event) => set({ didNotHelp: event.target.value })}
          />
        </>
      )}
    </>
  );
}
