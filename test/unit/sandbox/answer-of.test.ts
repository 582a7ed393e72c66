import { expect, it } from 'vitest';
import { answerOf } from '../../../electron/sandbox/scenario/answer-of.ts';
import type { Part } from '../../../electron/sandbox/scenario/change.ts';
import { type Drill, drawDrill } from '../../../electron/sandbox/scenario/draw-drill.ts';
import { Fault } from '../../../electron/sandbox/scenario/fault.ts';
import type { Scenario } from '../../../electron/sandbox/scenario/scenario.ts';
import type { MadeChange } from '../../../electron/sandbox/simulation.ts';
import { shippedScenario } from '../../fixtures/shipped-scenarios.ts';

const startMs = Date.parse('2026-03-02T12:00:00Z');
const flagged: Scenario = {
  ...shippedScenario('bad-deploy'),
  faults: [
    Fault.parse({
      kind: 'flag',
      name: 'flip',
      service: { oneOf: ['cart'] },
      percent: [60, 60],
      minutesBefore: [9, 9],
    }),
    Fault.parse({ kind: 'release', name: 'ship', service: { oneOf: ['pricing'] } }),
  ],
  truth: { changes: ['flip', 'ship'], services: ['culprit', 'other', 'anywhere'] },
  helps: [
    { action: 'set-flag', on: 'culprit', because: 'off is good' },
    { action: 'roll-back-deployment', on: 'other', because: 'the version before was good' },
    { action: 'revert-config', on: 'other', because: 'as it was' },
  ],
  harms: [
    { action: 'scale-deployment', on: 'anywhere', because: 'it moves the trouble' },
    { action: 'set-flag', on: 'other', because: 'it has no flag in this' },
  ],
  conclusion: 'Two things at once.',
};

const change = (part: Part | null, id: string): MadeChange => ({
  entry: { offsetMs: 0, part, change: { kind: 'scale', service: 'cart', actor: 'a.novak', replicas: 3 } },
  id,
  atMs: startMs,
});

const made = [
  change(null, 'scale:shop/ordinary'),
  change({ kind: 'decoy' }, 'scale:shop/decoy'),
  change({ kind: 'fault', name: 'ship' }, 'deploy:shop/pricing@7'),
  change({ kind: 'fault', name: 'flip' }, 'flag:shop/cart.1'),
];

const answer = (scenario: Scenario, drill: Drill = drawDrill(scenario, 3)) =>
  answerOf({ scenario, drill, startMs, alertedMs: startMs + 5_000_000, made });

it('names the changes of the faults that are the truth, and the decoys, by the ids they were made under', () => {
  expect(answer(flagged)).toMatchObject({
    changes: ['flag:shop/cart.1', 'deploy:shop/pricing@7'],
    decoys: ['scale:shop/decoy'],
    services: ['cart', 'pricing'],
    alertedMs: startMs + 5_000_000,
    conclusion: 'Two things at once.',
  });
  const half = { ...flagged, truth: { changes: ['ship'], services: ['other' as const] } };
  expect(answer(half)).toMatchObject({ changes: ['deploy:shop/pricing@7'], services: ['pricing'] });
});

it('names the object of each action: the Deployment, its ConfigMap, its flag, or any', () => {
  const drill = drawDrill(flagged, 3);
  const { helps, harms } = answer(flagged, drill);
  expect(helps).toEqual([
    { action: 'set-flag', target: drill.faults[0]?.flag, sentence: 'off is good' },
    { action: 'roll-back-deployment', target: 'pricing', sentence: 'the version before was good' },
    { action: 'revert-config', target: 'pricing-config', sentence: 'as it was' },
  ]);
  expect(drill.faults[0]?.flag).toMatch(/^cart\./);
  expect(harms.map(({ target }) => target)).toEqual([null, null]);
});

it('calls nothing a harm that also helps, where roles fall on one service', () => {
  const both = {
    ...flagged,
    harms: [...flagged.harms, { action: 'revert-config', on: 'other' as const, because: 'it alerts' }],
  };
  expect(answer(both).harms).toEqual(answer(flagged).harms);
});

it('says that trouble began with the earliest fault, and at the moment where there is none', () => {
  const drill = drawDrill(flagged, 3);
  expect(answer(flagged, drill).beganMs).toBe(startMs + drill.momentMs - 9 * 60_000);
  const calm = { ...flagged, faults: [], truth: { changes: [], services: [] }, helps: [], harms: [] };
  const quiet = drawDrill(calm, 3);
  expect(answer(calm, quiet)).toMatchObject({
    beganMs: startMs + quiet.momentMs,
    changes: [],
    services: [],
    helps: [],
    harms: [],
  });
});
