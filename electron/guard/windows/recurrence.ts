import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { EnvelopeWindow } from '../../../shared/formats/envelope.ts';
import { Failure, messageOf } from '../../platform/failure.ts';

/** From its first millisecond until its end, which is outside. */
export type Interval = { fromMs: number; untilMs: number };

/** No clock change skips or repeats more than this: what lies further apart in local time is in order on the time line. */
const CLOCK_CHANGE = { hours: 3 };

/**
 * The stretches of a window around a moment: those that may hold then, and the next one. The rule is worked out in local
 * time and each start then put on the time line. INVARIANT: a start that a clock change skips is not dropped, as RFC 5545
 * section 3.3.10 has it, but comes when the clock has moved on: a freeze or a backup must not vanish for a day.
 * @throws Failure `bad_input` for a rule that cannot be worked out.
 */
export function recurrence(window: EnvelopeWindow): (atMs: number) => Interval[] {
  const { name, timeZone } = window;
  const lasts = Temporal.Duration.from(window.lasts);
  const starts = startsOf(window);

  const intervalFrom = (local: Temporal.PlainDateTime): Interval => {
    const from = local.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
    return { fromMs: from.epochMilliseconds, untilMs: from.add(lasts).epochMilliseconds };
  };
  const around = (atMs: number): Interval[] => {
    const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDateTime();
    const latest = local.add(CLOCK_CHANGE);
    const surelyPast = local.subtract(CLOCK_CHANGE);
    const next = starts.after(latest);
    const found = next ? [intervalFrom(next)] : [];
    for (let start = starts.upTo(latest); start; start = starts.before(start)) {
      found.push(intervalFrom(start));
      // Whatever started before that one ended before it, too.
      if (Temporal.PlainDateTime.compare(start, surelyPast) < 0) break;
    }
    return found;
  };

  const first = intervalFrom(starts.first);
  if (first.untilMs <= first.fromMs) throw new Failure('bad_input', `The window ${name} lasts no time`);
  try {
    around(first.fromMs);
  } catch (cause) {
    throw new Failure('bad_input', `The window ${name} never comes: ${messageOf(cause)}`, cause);
  }
  return around;
}

type Starts = {
  first: Temporal.PlainDateTime;
  upTo(local: Temporal.PlainDateTime): Temporal.PlainDateTime | null;
  before(local: Temporal.PlainDateTime): Temporal.PlainDateTime | null;
  after(local: Temporal.PlainDateTime): Temporal.PlainDateTime | null;
};

function startsOf(window: EnvelopeWindow): Starts {
  const first = Temporal.PlainDateTime.from(window.starts);
  if (window.rrule === undefined) return once(first);
  const rule = ruleOf(window, window.rrule);
  const local = (found: Temporal.ZonedDateTime | null) => found?.toPlainDateTime() ?? null;
  return {
    first,
    upTo: (at) => local(rule.previous(floating(at), true)),
    before: (at) => local(rule.previous(floating(at), false)),
    after: (at) => local(rule.next(floating(at), false)),
  };
}

function once(only: Temporal.PlainDateTime): Starts {
  const where = (holds: (order: number) => boolean) => (at: Temporal.PlainDateTime) =>
    holds(Temporal.PlainDateTime.compare(only, at)) ? only : null;
  return {
    first: only,
    upTo: where((order) => order <= 0),
    before: where((order) => order < 0),
    after: where((order) => order > 0),
  };
}

/** The parser passes over what it does not know or finds out of range, and the rule would hold more often than it says. */
function ruleOf(
  { name, starts, ends }: EnvelopeWindow,
  rrule: string,
): RRuleTemporal<Temporal.ZonedDateTime> {
  const wrong = (why: string, cause?: unknown) =>
    new Failure('bad_input', `The window ${name} has the rule ${rrule}, ${why}`, cause);
  let rule: RRuleTemporal<Temporal.ZonedDateTime>;
  try {
    rule = new RRuleTemporal({
      rruleString: rrule,
      dtstart: floating(Temporal.PlainDateTime.from(starts)),
      ...(ends === undefined ? {} : { until: floating(Temporal.PlainDateTime.from(ends)) }),
      temporal: Temporal,
    });
  } catch (cause) {
    throw wrong(`which does not hold: ${messageOf(cause)}`, cause);
  }
  const [, understood = ''] = /^RRULE:(.*)$/m.exec(rule.toString()) ?? [];
  const parts = new Set(understood.split(';'));
  const lost = rrule.split(';').find((part) => !parts.has(part));
  if (lost !== undefined) throw wrong(`of which ${lost} is not understood`);
  return rule;
}

/** A local time as if there were no clock changes: the rule is worked out in it. */
const floating = (local: Temporal.PlainDateTime): Temporal.ZonedDateTime => local.toZonedDateTime('UTC');
