import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';

type Span = { fromMs: number; toMs: number };

const Instant = z.iso.datetime({ offset: true });

/** The input by which a tool is told the time it is asked about; left out it is that of the incident. */
export const timeSpan = { from: Instant.optional(), to: Instant.optional() };

/**
 * The time that is asked about, at most `mostMs` long: of a longer one the latest part, which is where the trouble is. What
 * lies after the window has not happened yet.
 */
export function spanOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  window: Span,
  mostMs: number,
): Span {
  const toMs = Math.min(to === undefined ? window.toMs : Date.parse(to), window.toMs);
  const fromMs = from === undefined ? earlier(window.fromMs, toMs) : Date.parse(from);
  if (fromMs >= toMs) {
    throw new Failure('bad_input', `from (${iso(fromMs)}) must lie before to (${iso(toMs)})`);
  }
  return { fromMs: Math.max(fromMs, toMs - mostMs), toMs };
}

/** Where it ends before the incident began, an hour of it. */
const earlier = (fromMs: number, toMs: number) => (fromMs < toMs ? fromMs : toMs - hourMs);

export const iso = (ms: number): string => new Date(ms).toISOString();

export const hourMs = 3_600_000;
