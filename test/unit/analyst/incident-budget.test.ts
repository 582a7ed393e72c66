import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analystDesk } from '../../../electron/analyst/analyst-desk.ts';
import { defaultLimits } from '../../../electron/analyst/budget.ts';
import { type ModelClient, nothingLeaves } from '../../../electron/analyst/model-client.ts';
import { analystSpending } from '../../../electron/host/analyst-spending.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import type { AnalystStep } from '../../../shared/vocabulary/analyst.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const incident = IncidentId.parse('inc-1');

/** An analyst that would never end by itself, with so many turns for the incident. */
function bench(turns: number) {
  const { db } = openStore(join(newDataDir(), 'countersign.db'), migrations);
  const { clock } = steppedClock(() => {}, 1_000);
  const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds });
  const spentOf = analystSpending(ledger);
  const steps: AnalystStep[] = [];
  let turn = 0;
  const client: ModelClient = {
    id: 'restless/1',
    parameters: {},
    // biome-ignore lint/correctness/useYield: it says nothing while it thinks
    async *turn() {
      turn += 1;
      return {
        text: '',
        calls: [{ id: `c${turn}`, name: 'none', input: { turn } }],
        tokens: { input: 100, output: 20 },
      };
    },
  };
  const desk = analystDesk({
    choose: () => ({
      client,
      outgoing: nothingLeaves,
      limits: defaultLimits,
      price: null,
      why: 'it is here',
    }),
    standing: () => ({ model: client.id, limits: defaultLimits, price: null, why: 'it is here' }),
    system: '',
    ledger,
    clock,
    nowMs: () => 1_000,
    ids: randomIds,
    about: () => 'an incident',
    claims: () => [],
    secretsIn: async () => [],
    runs: { begin: () => {}, add: () => {}, keepText: () => {} },
    record: () => ({ hasEvent: () => false, hasRead: () => false }),
    stop: () => ({ stopped: false }),
    overBudget: (id) => (spentOf(id, 0).turns >= turns ? `used ${spentOf(id, 0).turns} turns` : null),
    gateway: () => ({
      specs: [],
      handle: async ({ id }) => ({
        result: { call: id, text: '{}', failed: false },
        step: { kind: 'said', text: 'x' },
      }),
    }),
    steps: { next: () => steps.length, add: (step) => void steps.push(step), of: () => steps },
    publish: () => {},
  });
  return { desk, spentOf, steps, ledger };
}

it('ends a run with the budget of the incident, and begins none beyond it', async () => {
  const { desk, steps } = bench(3);
  await desk.start(incident, 'it began');
  expect(steps.at(-1)?.step).toEqual({ kind: 'ended', because: 'used 3 turns' });
  expect(() => desk.start(incident, 'once more')).toThrow(
    /used 3 turns: it reads nothing more until a named person closes the breaker/,
  );
});

it('counts turns and tokens over all runs from what is on record, since a time', async () => {
  const { desk, spentOf, ledger } = bench(3);
  await desk.start(incident, 'it began');
  expect(spentOf(incident, 0)).toEqual({ turns: 3, tokens: 360 });
  expect(analystSpending(ledger)(incident, 0)).toEqual({ turns: 3, tokens: 360 });
  expect(spentOf(incident, 1_000)).toEqual({ turns: 0, tokens: 0 });
  expect(spentOf('inc-2', 0)).toEqual({ turns: 0, tokens: 0 });
});
