import type { SourceState } from '../source.ts';

export type PartState = { up: true } | { up: false; because: string } | { unseen: string };

/** Several watches as one state: down as soon as one is down, up once each is up or known not to be there; news are told once. */
export function combinedState(
  parts: number,
  tell: (state: SourceState) => void,
): (part: string, state: PartState) => void {
  const states = new Map<string, PartState>();
  let told: string | null = null;
  return (part, state) => {
    states.set(part, state);
    const all = [...states.values()];
    const down = all.find((one) => 'up' in one && !one.up);
    const unseen = [...states].flatMap(([title, one]) => ('unseen' in one ? [title] : []));
    if (down === undefined && all.length < parts) return;
    const now: SourceState =
      down && 'up' in down && !down.up
        ? down
        : { up: true, ...(unseen.length > 0 ? { unseen: unseen.sort() } : {}) };
    const news = now.up ? JSON.stringify(now) : 'down';
    if (news === told) return;
    told = news;
    tell(now);
  };
}
