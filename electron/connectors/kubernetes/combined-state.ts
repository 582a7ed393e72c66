import type { SourceState } from '../source.ts';

export type PartState = { up: true } | { up: false; because: string } | { unseen: string };

/**
 * Several watches as one state: down as soon as one is down, up once each is up or known not to be there; news are told once.
 * It is down for all the reasons there are now: whoever mended one is not told it again, and learns what is left.
 */
export function combinedState(
  parts: number,
  tell: (state: SourceState) => void,
): (part: string, state: PartState) => void {
  const states = new Map<string, PartState>();
  let told: string | null = null;
  return (part, state) => {
    states.set(part, state);
    const reasons = new Set([...states.values()].flatMap((one) => ('because' in one ? [one.because] : [])));
    const unseen = [...states].flatMap(([title, one]) => ('unseen' in one ? [title] : []));
    if (reasons.size === 0 && states.size < parts) return;
    const now: SourceState =
      reasons.size > 0
        ? { up: false, because: inOneLine([...reasons]) }
        : { up: true, ...(unseen.length > 0 ? { unseen: unseen.sort() } : {}) };
    const news = JSON.stringify(now);
    if (news === told) return;
    told = news;
    tell(now);
  };
}

/** A server may give each watch a reason of its own, and one line has to hold them. */
const MOST_REASONS = 3;

const inOneLine = (reasons: readonly string[]): string => {
  const more = reasons.length - MOST_REASONS;
  return [...reasons.slice(0, MOST_REASONS), ...(more > 0 ? [`${more} more`] : [])].join('; ');
};
