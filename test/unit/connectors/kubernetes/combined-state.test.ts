import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combinedState, type PartState } from '../../../../electron/connectors/kubernetes/combined-state.ts';
import type { SourceState } from '../../../../electron/connectors/source.ts';

const down = (because: string): PartState => ({ up: false, because });
const up: PartState = { up: true };

/** What is told of two watches, or as many as are said, as they say how they are. */
function told(steps: readonly (readonly [part: string, state: PartState])[], parts = 2): SourceState[] {
  const all: SourceState[] = [];
  const tell = combinedState(parts, (state) => all.push(state));
  for (const [part, state] of steps) tell(part, state);
  return all;
}

it.each<[string, [string, PartState][], SourceState[]]>([
  [
    'is up once each watch is',
    [
      ['a', up],
      ['b', up],
    ],
    [{ up: true }],
  ],
  ['says nothing while a watch has said nothing', [['a', up]], []],
  [
    'names what it does without',
    [
      ['a', up],
      ['b', { unseen: 'no right' }],
    ],
    [{ up: true, unseen: ['b'] }],
  ],
  ['is down with the first', [['a', down('refused')]], [{ up: false, because: 'refused' }]],
  [
    'tells one reason of two watches once',
    [
      ['a', down('refused')],
      ['b', down('refused')],
    ],
    [{ up: false, because: 'refused' }],
  ],
  [
    'tells of a second reason',
    [
      ['a', down('no right to list sets')],
      ['b', down('no right to list events')],
    ],
    [
      { up: false, because: 'no right to list sets' },
      { up: false, because: 'no right to list sets; no right to list events' },
    ],
  ],
  [
    'leaves out a reason that is mended while another stands',
    [
      ['a', down('no right to list sets')],
      ['b', down('no right to list events')],
      ['a', up],
      ['b', up],
    ],
    [
      { up: false, because: 'no right to list sets' },
      { up: false, because: 'no right to list sets; no right to list events' },
      { up: false, because: 'no right to list events' },
      { up: true },
    ],
  ],
  [
    'tells when the reason becomes another',
    [
      ['a', down('refused')],
      ['a', down('credentials have expired')],
    ],
    [
      { up: false, because: 'refused' },
      { up: false, because: 'credentials have expired' },
    ],
  ],
])('a source of several watches %s', (_case, steps, states) => expect(told(steps)).toEqual(states));

it('keeps the line short when every watch has a reason of its own', () => {
  const parts = ['a', 'b', 'c', 'd', 'e'];
  expect(told(parts.map((part) => [part, down(`no ${part}`)])).at(-1)).toEqual({
    up: false,
    because: 'no a; no b; no c; 2 more',
  });
});

it('never tells the same twice in a row, and tells last how it stands', () => {
  const part = fc.constantFrom('a', 'b', 'c');
  const state = fc.constantFrom(up, down('refused'), down('expired'), { unseen: 'no right' });
  fc.assert(
    fc.property(fc.array(fc.tuple(part, state), { maxLength: 30 }), (steps) => {
      const states = told(steps, 3);
      for (const [at, one] of states.entries()) expect(one).not.toEqual(states[at - 1]);
      const ends = new Map(steps);
      const reasons = [...ends.values()].flatMap((one) => ('because' in one ? [one.because] : []));
      const last = states.at(-1);
      if (reasons.length > 0) {
        expect(last?.up).toBe(false);
        if (last?.up === false) expect(last.because.split('; ').sort()).toEqual([...new Set(reasons)].sort());
      } else expect(last?.up ?? false).toBe(ends.size === 3);
    }),
  );
});
