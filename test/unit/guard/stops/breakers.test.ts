import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakerCounts } from '../../../../electron/guard/stops/breaker-counts.ts';
import { breakerDesk } from '../../../../electron/guard/stops/breaker-desk.ts';
import { type BreakerCounts, trippedBreakers } from '../../../../electron/guard/stops/breakers.ts';
import { openLedger } from '../../../../electron/ledger/log.ts';
import { steppedClock } from '../../../../electron/platform/clock.ts';
import { randomIds } from '../../../../electron/platform/ids.ts';
import { silentLogger } from '../../../../electron/platform/logger.ts';
import { migrations } from '../../../../electron/store/migrations/all.ts';
import { openStore } from '../../../../electron/store/open-store.ts';
import { settingRepository } from '../../../../electron/store/setting-repository.ts';
import { IncidentId, ProposalId } from '../../../../shared/vocabulary/ids.ts';
import type { Proposal } from '../../../../shared/vocabulary/proposal.ts';
import { newDataDir } from '../../../fixtures/data-dir.ts';
import { decisionOf, proposalOf } from '../../../fixtures/proposal-of.ts';

const NOW = Date.parse('2026-03-03T03:00:00Z');
const MINUTE = 60_000;
const limits = {
  executions: { most: 3, withinMinutes: 60 },
  failuresInARow: 2,
  denials: { most: 3, withinMinutes: 10 },
  analyst: { turns: 20, tokens: 1_000 },
};
const none = { turns: 0, tokens: 0 };
const calm: BreakerCounts = {
  analyst: none,
  executionsInWindow: 0,
  denialsInWindow: 0,
  failuresInARow: 0,
  lastWasWorse: false,
};
const incident = IncidentId.parse('inc-1');

const denied = (
  minutesAgo: number,
  rule = 'target-observed',
  by: 'analyst' | 'person' = 'analyst',
): Proposal => {
  const proposal = proposalOf();
  return {
    ...proposal,
    proposedBy: { kind: by, name: by },
    verdict: {
      kind: 'deny',
      rules: [{ rule, sentence: 'no' }],
      envelope: proposal.verdict.envelope,
      atMs: NOW - minutesAgo * MINUTE,
    },
    progress: { state: 'denied' },
  };
};

const executed = (
  minutesAgo: number,
  state: 'failed' | 'unknown' | 'worse' | 'improved',
  id = 'prop-1',
): Proposal => {
  const intentMs = NOW - minutesAgo * MINUTE;
  const common = { decision: decisionOf(), execution: { intentMs, steps: [], endedMs: intentMs + 1_000 } };
  const watch = { before: null, samples: [], untilMs: NOW };
  return {
    ...proposalOf(),
    id: ProposalId.parse(id),
    progress:
      state === 'failed' || state === 'unknown'
        ? { state, ...common, because: 'x' }
        : { state: 'done', ...common, watch, outcome: state, sentence: 'x' },
  } as Proposal;
};
const count = (proposals: Proposal[], closedMs = 0) =>
  breakerCounts(proposals, none, limits, { atMs: NOW, closedMs });

describe('what is counted', () => {
  it('counts executions and denials within their windows, at the edge no longer', () => {
    const counts = count([
      executed(61, 'improved'),
      executed(60, 'improved'),
      executed(59, 'improved'),
      denied(10),
      denied(9),
    ]);
    expect(counts).toMatchObject({ executionsInWindow: 1, denialsInWindow: 1 });
  });

  it('counts no denial that a breaker or a stop itself gave, nor one of a person', () => {
    const counts = count([denied(1, 'breaker'), denied(1, 'not-stopped'), denied(1, 'rate-limit', 'person')]);
    expect(counts.denialsInWindow).toBe(0);
  });

  it('counts failures back to the last execution that did not fail', () => {
    expect(
      count([executed(9, 'failed'), executed(8, 'improved'), executed(7, 'failed'), executed(6, 'unknown')]),
    ).toMatchObject({
      failuresInARow: 2,
    });
  });

  it('holds an outcome worse until it is backed out', () => {
    const worse = executed(5, 'worse');
    const backOut = { ...executed(4, 'improved', 'prop-2'), backsOut: worse.id };
    expect(count([worse]).lastWasWorse).toBe(true);
    expect(count([worse, backOut]).lastWasWorse).toBe(false);
  });

  it('counts nothing from before a person closed the breakers', () => {
    const all = [executed(5, 'worse'), executed(4, 'failed'), executed(3, 'failed'), denied(2), denied(2)];
    expect(count(all)).not.toEqual(calm);
    expect(count(all, NOW)).toEqual(calm);
  });
});

describe('what opens', () => {
  it.each<[string, Partial<BreakerCounts>, RegExp]>([
    ['worse', { lastWasWorse: true }, /made it worse/],
    ['failures', { failuresInARow: 2 }, /^2 executions failed in a row, the limit is 2$/],
    ['executions', { executionsInWindow: 3 }, /^3 executions within 60 min, the limit is 3$/],
    [
      'denials',
      { denialsInWindow: 4 },
      /4 proposals within 10 min, the limit is 3: the model is reasoning from stale telemetry/,
    ],
    ['analyst', { analyst: { turns: 20, tokens: 0 } }, /used 20 turns in this incident, the limit is 20/],
    [
      'analyst',
      { analyst: { turns: 1, tokens: 1_000 } },
      /used 1000 tokens in this incident, the limit is 1000/,
    ],
  ])('%s, naming limit and count', (name, counts, sentence) => {
    const tripped = trippedBreakers(limits, { ...calm, ...counts });
    expect(tripped).toHaveLength(1);
    expect(tripped[0]).toMatchObject({ name, sentence: expect.stringMatching(sentence) });
  });

  it('nothing below every limit', () => {
    const below = {
      executionsInWindow: 2,
      denialsInWindow: 2,
      failuresInARow: 1,
      lastWasWorse: false,
      analyst: { turns: 19, tokens: 999 },
    };
    expect(trippedBreakers(limits, below)).toEqual([]);
  });

  it('never closes by a count that grows', () => {
    const counts = fc.record({
      executionsInWindow: fc.nat(10),
      denialsInWindow: fc.nat(10),
      failuresInARow: fc.nat(10),
      lastWasWorse: fc.boolean(),
      analyst: fc.record({ turns: fc.nat(40), tokens: fc.nat(2_000) }),
    });
    const names = (given: BreakerCounts) => trippedBreakers(limits, given).map(({ name }) => name);
    fc.assert(
      fc.property(counts, fc.nat(5), (given, more) => {
        const grown = {
          executionsInWindow: given.executionsInWindow + more,
          denialsInWindow: given.denialsInWindow + more,
          failuresInARow: given.failuresInARow + more,
          lastWasWorse: given.lastWasWorse,
          analyst: { turns: given.analyst.turns + more, tokens: given.analyst.tokens + more },
        };
        expect(names(grown)).toEqual(expect.arrayContaining(names(given)));
      }),
    );
  });
});

describe('the desk', () => {
  function bench() {
    const { db } = openStore(join(newDataDir(), 'countersign.db'), migrations);
    const time = steppedClock((error) => {
      throw error;
    }, NOW);
    const { clock } = time;
    const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds });
    const told: string[] = [];
    const facts = { proposals: [] as Proposal[], spent: none };
    const open = () =>
      breakerDesk({
        settings: settingRepository(db),
        ledger,
        clock,
        limits: () => limits,
        openIncidents: () => [incident],
        proposalsOf: () => facts.proposals,
        spentOf: () => facts.spent,
        onTold: (_incident, sentence) => void told.push(sentence),
        onStatus: () => {},
        logger: silentLogger,
      });
    const kinds = () =>
      ledger.entries().flatMap(({ kind, body }) => (kind === 'log.opened' ? [] : [[kind, body]]));
    return { time, ledger, told, facts, open, kinds };
  }

  it('puts on record once that a breaker opened, with limit and count, also across a restart', () => {
    const { facts, open, kinds, told } = bench();
    facts.proposals = [executed(2, 'failed'), executed(1, 'failed')];
    const desk = open();
    desk.look(incident);
    desk.look(incident);
    open().look(incident);
    expect(kinds()).toEqual([
      [
        'breaker',
        { breaker: 'failures', count: 2, limit: 2, sentence: '2 executions failed in a row, the limit is 2' },
      ],
    ]);
    expect(told).toEqual([expect.stringMatching(/^A breaker opened: .* Only back-outs are offered$/)]);
    expect(desk.open()).toMatchObject([{ name: 'failures', incident, openedMs: NOW }]);
  });

  it('closes by its window while nothing happens', async () => {
    const { facts, open, kinds, time } = bench();
    facts.proposals = [denied(9), denied(9), denied(9)];
    const desk = open();
    desk.look(incident);
    await time.advance(2 * MINUTE);
    expect(kinds().map(([kind]) => kind)).toEqual(['breaker', 'breaker.closed']);
    expect(desk.open()).toEqual([]);
    desk.end();
  });

  it('is closed by a named person with a reason, and only while open', () => {
    const { facts, open, ledger, time } = bench();
    const desk = open();
    expect(() => desk.close(incident, 'Mina', 'x')).toThrow(/No breaker of this incident is open/);
    facts.proposals = [executed(2, 'failed'), executed(1, 'failed')];
    desk.look(incident);
    expect(() => desk.close(incident, ' ', 'x')).toThrow(/name/);
    expect(() => desk.close(incident, 'Mina', '')).toThrow(/reason/);
    desk.close(incident, 'Mina', 'the token had expired');
    expect(desk.open()).toEqual([]);
    expect(desk.closedMs(incident)).toBe(time.clock.now());
    desk.look(incident);
    expect(ledger.entries({ kind: 'breaker.closed' })).toMatchObject([
      {
        actor: { kind: 'person', name: 'Mina' },
        body: { breakers: ['failures'], reason: 'the token had expired' },
      },
    ]);
    expect(open().closedMs(incident)).toBe(NOW);
  });

  it('lets nothing else fail over a ledger that cannot be written, and stays as it counted', () => {
    const { facts, open, ledger } = bench();
    facts.proposals = [executed(2, 'failed'), executed(1, 'failed')];
    const desk = open();
    ledger.record = () => {
      throw new Error('disk full');
    };
    desk.look(incident);
    expect(desk.open()).toMatchObject([{ name: 'failures' }]);
    expect(() => desk.close(incident, 'Mina', 'x')).toThrow('disk full');
    expect(desk.closedMs(incident)).toBe(0);
  });
});
