import type { Envelope, EnvelopeWindow } from '../../../shared/formats/envelope.ts';
import { fitsAny } from '../pattern.ts';
import { type Interval, recurrence } from './recurrence.ts';

export type OpenWindow = { name: string; untilMs: number };

/** What the windows of an envelope say about one place at one moment. */
export type WindowsNow = {
  freeze: OpenWindow | null;
  backup: OpenWindow | null;
  /** `not-asked`: the environment allows changes at any time. */
  change: { kind: 'not-asked' } | { kind: 'open'; window: OpenWindow } | { kind: 'closed'; names: string[] };
};

export type PreparedWindows = {
  at(atMs: number, place: { environment: string | null; namespace: string }): WindowsNow;
};

/**
 * The windows of an envelope with their rules worked out. Each remembers how long its last answer holds, so that asking
 * costs a comparison until the next start or end.
 * @throws Failure `bad_input` naming the window whose rule does not hold.
 */
export function prepareWindows({ windows, environments }: Envelope): PreparedWindows {
  const prepared = windows.map((window) => ({ window, openAt: remembered(recurrence(window)) }));

  function first(
    kind: EnvelopeWindow['kind'],
    atMs: number,
    concerns: (window: EnvelopeWindow) => boolean,
  ): OpenWindow | null {
    for (const { window, openAt } of prepared) {
      if (window.kind !== kind || !concerns(window)) continue;
      const untilMs = openAt(atMs);
      if (untilMs !== null) return { name: window.name, untilMs };
    }
    return null;
  }

  return {
    at(atMs, { environment, namespace }) {
      const here = (window: EnvelopeWindow) =>
        (window.environments === undefined ||
          (environment !== null && window.environments.includes(environment))) &&
        (window.namespaces === undefined || fitsAny(window.namespaces, namespace));
      const asked = environments.find(({ name }) => name === environment)?.changesOnlyIn;
      return {
        freeze: first('freeze', atMs, here),
        backup: first('backup', atMs, here),
        change: asked ? changeWindow(asked, atMs) : { kind: 'not-asked' },
      };

      function changeWindow(names: string[], when: number): WindowsNow['change'] {
        const window = first('change-window', when, (one) => names.includes(one.name) && here(one));
        return window ? { kind: 'open', window } : { kind: 'closed', names };
      }
    },
  };
}

/** When the window that is open at a moment ends, or null. Between two boundaries nothing is worked out again. */
function remembered(around: (atMs: number) => Interval[]): (atMs: number) => number | null {
  let holds = { fromMs: Number.POSITIVE_INFINITY, untilMs: Number.NEGATIVE_INFINITY };
  let answer: number | null = null;
  return (atMs) => {
    if (!Number.isFinite(atMs)) throw new RangeError(`${atMs} is no time`);
    if (holds.fromMs <= atMs && atMs < holds.untilMs) return answer;
    const intervals = around(atMs);
    const boundaries = intervals.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]);
    holds = {
      fromMs: Math.max(...boundaries.filter((ms) => ms <= atMs)),
      untilMs: Math.min(...boundaries.filter((ms) => ms > atMs)),
    };
    const open = intervals.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
    answer = open.length === 0 ? null : Math.max(...open.map(({ untilMs }) => untilMs));
    return answer;
  };
}
