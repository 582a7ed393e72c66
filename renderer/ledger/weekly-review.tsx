import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { WeeklyReview as Review } from '../../shared/vocabulary/weekly-review.ts';
import { call } from '../state/call.ts';
import { useClock } from '../state/now.ts';
import { type Reading, useRead } from '../state/use-read.ts';
import { Button } from '../ui/button.tsx';
import { WhenRead } from '../ui/panel-states.tsx';
import { ReviewParts } from './review-parts.tsx';
import { SignOffBox } from './sign-off.tsx';

const WEEK_MS = 7 * 86_400_000;

/** A week of the record in five minutes: what happened, what was denied, what waited, what was wrong; then signed off. */
export function WeeklyReview({ realm }: { realm: Realm }) {
  const nowMs = useClock(realm);
  // Where it begins; ages that tick must not read it again.
  const [atMs, setAtMs] = useState(nowMs);
  const review = useRead(`${realm} ${atMs}`, () =>
    call('review.read', { realm, atMs: Math.max(0, Math.round(atMs)) }),
  );
  return (
    <WhenRead of={review} loading="Going through the week" failed="The week could not be read">
      {(week) => <Week review={week} nowMs={nowMs} reading={review} onGo={setAtMs} />}
    </WhenRead>
  );
}

type WeekProps = { review: Review; nowMs: number; reading: Reading<Review>; onGo(atMs: number): void };

function Week({ review, nowMs, reading, onGo }: WeekProps) {
  const go = (weeks: number) => onGo(review.fromMs + weeks * WEEK_MS);
  return (
    <section className="box review" aria-label="Weekly review">
      <div className="review-head">
        <Button small aria-label="The week before" onClick={() => go(-1)}>
          <ChevronLeft size={14} aria-hidden />
        </Button>
        <h2 className="section-title">
          Week of {dateOf(review.fromMs)} to {dateOf(review.toMs - 1)} (UTC)
        </h2>
        <Button small aria-label="The week after" disabled={review.toMs > nowMs} onClick={() => go(1)}>
          <ChevronRight size={14} aria-hidden />
        </Button>
        <span className="muted">{review.toMs > nowMs && 'So far: this week is not over.'}</span>
        <span className="panel-gap" />
        <Button small onClick={reading.again}>
          Read it again
        </Button>
      </div>
      <ReviewParts review={review} />
      <SignOffBox key={review.fromMs} review={review} onSigned={reading.take} />
    </section>
  );
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
