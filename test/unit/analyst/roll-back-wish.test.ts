import { expect, it } from 'vitest';
import { undoWish } from '../../../electron/analyst/offline/undo-wish.ts';
import { whatWasRead } from '../../../electron/analyst/offline/what-was-read.ts';

type Held = { revision: number; at: string };

/** The wish when revision 7 is suspected, `running` runs, and these are held. */
function wish(running: number, held: readonly Held[]) {
  const id = 'deploy:shop/checkout@7';
  const candidates = {
    read: 'read-1',
    onset: null,
    novelty: 0,
    total: 1,
    worthReading: 1,
    changes: [
      {
        id,
        kind: 'deploy',
        service: 'checkout',
        title: 'checkout 2.0.0 rolled out',
        at: '2026-03-03T02:55:00.000Z',
        score: 0.9,
        reasons: ['it fits'],
        factors: [],
      },
    ],
    services: [],
    anomalies: [
      {
        service: 'checkout',
        metric: 'error_rate',
        kind: 'error_rate',
        version: null,
        onset: '2026-03-03T02:57:00.000Z',
        strength: 9,
        baseline: 0.001,
        observed: 0.2,
        sentence: 'checkout fails',
      },
    ],
    omitted: 0,
  };
  const rollout = {
    read: 'read-2',
    service: 'checkout',
    cluster: 'production',
    namespace: 'shop',
    name: 'checkout',
    revision: running,
    desiredReplicas: 4,
    readyReplicas: 4,
    serviceTier: 1,
    managedBy: null,
    revisions: held.map((one) => ({ ...one, images: [], changeCause: null, diff: [] })),
  };
  const answered = (name: string, call: string, input: object, value: object) => [
    { role: 'assistant' as const, text: '', calls: [{ id: call, name, input }] },
    { role: 'tools' as const, results: [{ call, text: JSON.stringify(value), failed: false }] },
  ];
  const read = whatWasRead([
    ...answered('list_candidates', 'c1', { limit: 8 }, candidates),
    ...answered('read_rollout', 'c2', { service: 'checkout' }, rollout),
  ]);
  const claim = {
    claim: 'checkout 2.0.0 is the cause',
    cause: id,
    mechanism: 'It changed error_rate.',
    confidence: 0.8,
    for: [],
    against: [],
    gaps: [],
    disprovedBy: 'it stays as bad',
  };
  return undoWish(claim, read);
}

const before = { revision: 6, at: '2026-03-01T10:00:00.000Z' };
const suspect = { revision: 7, at: '2026-03-03T02:55:00.000Z' };

it('goes back to the revision before the suspected one while that runs', () => {
  expect(wish(7, [suspect, before])).toMatchObject({
    wish: { input: { to: 6 }, about: { rationale: expect.not.stringContaining('shipped over it') } },
  });
});

it('goes back past a newer revision that was shipped over it, and says so', () => {
  const hurried = { revision: 8, at: '2026-03-03T03:01:00.000Z' };
  expect(wish(8, [hurried, suspect, before])).toMatchObject({
    wish: {
      input: { to: 6 },
      about: { rationale: expect.stringContaining('Revision 8 was shipped over it') },
    },
  });
});

it('suggests nothing where somebody has gone back already', () => {
  // The old revision runs under the next number.
  expect(wish(8, [{ revision: 8, at: before.at }, suspect])).toMatchObject({
    because: expect.stringMatching(/no longer/),
  });
  expect(wish(8, [{ revision: 8, at: before.at }, suspect, { ...before, revision: 5 }])).toEqual({
    because: 'checkout no longer runs the suspected revision 7',
  });
});
