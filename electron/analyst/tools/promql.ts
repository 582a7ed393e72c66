import { parser } from '@prometheus-io/lezer-promql';
import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';

const MOST_RANGE_SECONDS = 86_400;
const MOST_OFFSET_SECONDS = 31 * 86_400;
/** As many points as Prometheus itself gives of one series at most. */
const MOST_SUBQUERY_POINTS = 11_000;

/** An expression as a tool takes it; what Prometheus would do with it is checked by `demandSound`. */
export const PromQl = z.string().min(1).max(2_000);

/**
 * Checks an expression by the grammar of PromQL before anything is sent: it can be read, looks back a day at most, and has
 * no subquery in a subquery, by which a few words cost a Prometheus minutes.
 */
export function demandSound(query: string): void {
  let subqueries = 0;
  parser.parse(query).iterate({
    enter({ type, name, from, node }) {
      if (type.isError) throw unsound(query, from, 'is no PromQL from here');
      // Prometheus reads on behind a carriage return, and the grammar here does not.
      if (name === 'LineComment' && /\r[^\r]/.test(query.slice(from, node.to)))
        throw unsound(query, from, 'has a carriage return in a comment');
      if (name === 'DurationExpr') demandWithin(query, node, MOST_RANGE_SECONDS);
      if (name === 'OffsetDurationExpr') demandWithin(query, node, MOST_OFFSET_SECONDS);
      if (name !== 'SubqueryExpr') return;
      subqueries += 1;
      if (subqueries > 1) throw unsound(query, from, 'has a subquery within a subquery');
      const [range, step] = node.getChildren('DurationExpr').map((one) => secondsOf(query, one) ?? 0);
      if (range !== undefined && step !== undefined && range / step > MOST_SUBQUERY_POINTS)
        throw unsound(query, from, 'has a subquery of too many steps');
    },
    leave({ name }) {
      if (name === 'SubqueryExpr') subqueries -= 1;
    },
  });
}

type Place = { from: number; to: number };

function demandWithin(query: string, place: Place, most: number): void {
  const seconds = secondsOf(query, place);
  if (seconds === null) throw unsound(query, place.from, 'has a duration that is more than a number');
  if (seconds > most) throw unsound(query, place.from, `looks back more than ${most / 86_400} days`);
}

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 } as const;

/** Null for anything but a plain duration: arithmetic could come to any length. */
function secondsOf(query: string, { from, to }: Place): number | null {
  const duration = query.slice(from, to).replace(/^[-+]\s*/, '');
  if (/^\d+(\.\d+)?$/.test(duration)) return Number(duration);
  if (!/^(\d+(ms|[smhdwy]))+$/.test(duration)) return null;
  return [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
}

const unsound = (query: string, at: number, why: string) =>
  new Failure(
    'bad_input',
    `The query ${why}: ${JSON.stringify(query.slice(at, at + 40))} (character ${at + 1})`,
  );
