import type { WeeklyReview } from '../../shared/vocabulary/weekly-review.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { useDraft } from '../ui/draft.ts';
import { TextAreaField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { entryLink } from './links.ts';

/** Who went over the week, and the way to do so: an entry that names exactly what was on the screen. */
export function SignOffBox({
  review,
  onSigned,
}: {
  review: WeeklyReview;
  onSigned(review: WeeklyReview): void;
}) {
  const { realm, fromMs, digest, signOff } = review;
  const { value: note, set: setNote, forget } = useDraft(`sign-off.${realm}.${fromMs}`);
  const { busy, problem, attempt } = useAttempt();
  const sign = () =>
    attempt(async () => {
      onSigned(await call('review.signOff', { realm, weekMs: fromMs, digest, note }));
      forget();
    });
  return (
    <section className="review-sign-off" aria-label="Sign-off">
      {signOff && (
        <p role="status">
          <Inert text={signOff.person} /> signed it off on <Time atMs={signOff.atMs} as="day" />
          {signOff.note !== '' && (
            <>
              : “<Inert text={signOff.note} />”
            </>
          )}
          . <a href={entryLink(realm, signOff.seq)}>Entry {signOff.seq}</a>
          {!signOff.isCurrent && ' Something came on record since: go over it once more.'}
        </p>
      )}
      {!signOff?.isCurrent && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void sign();
          }}
        >
          <TextAreaField
            label="What follows from it (optional)"
            rows={2}
            maxLength={2_000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          {problem && <Problem>{problem}</Problem>}
          <div>
            <Button type="submit" look="primary" disabled={busy}>
              Sign off this week
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
