import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expiryWatch } from '../../../electron/proposals/expiry.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

const QUARTER_MS = 15 * 60_000;
const LOOK_MS = 5_000;

function watched(startMs = 1_000_000) {
  let nowMs = startMs;
  const expiry = expiryWatch({ now: () => nowMs, every: () => () => {} }, startMs);
  return {
    expiry,
    passes: (ms: number) => {
      nowMs += ms;
      expiry.look();
    },
    nowMs: () => nowMs,
  };
}

it('expires after its time', () => {
  const { expiry, passes, nowMs } = watched();
  const proposal = proposalOf({ proposedMs: nowMs(), expiresMs: nowMs() + QUARTER_MS });
  expect(expiry.hasExpired(proposal)).toBe(false);
  passes(QUARTER_MS - 1);
  expect(expiry.hasExpired(proposal)).toBe(false);
  passes(1);
  expect(expiry.hasExpired(proposal)).toBe(true);
});

it('treats one as expired that the clock says is not made yet', () => {
  const { expiry, nowMs } = watched();
  const proposal = proposalOf({ proposedMs: nowMs() + 1, expiresMs: nowMs() + QUARTER_MS });
  expect(expiry.hasExpired(proposal)).toBe(true);
});

it('never lives longer than its time, however often and far the clock is set back', () => {
  const turn = fc.record({
    lastedMs: fc.integer({ min: 0, max: LOOK_MS }),
    setBackMs: fc.integer({ min: 0, max: 2 * QUARTER_MS }),
  });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 400 }), (turns) => {
      const { expiry, passes, nowMs } = watched(10 * QUARTER_MS);
      const proposal = proposalOf({ proposedMs: nowMs(), expiresMs: nowMs() + QUARTER_MS });
      expiry.hasExpired(proposal);
      let lived = 0;
      for (const { lastedMs, setBackMs } of turns) {
        passes(lastedMs);
        lived += lastedMs;
        passes(-setBackMs);
        if (lived >= QUARTER_MS) expect(expiry.hasExpired(proposal)).toBe(true);
      }
    }),
  );
});

it('tells how far the clock was set back, also while nothing ran', () => {
  const { expiry, passes } = watched();
  expect(expiry.look()).toBe(0);
  passes(5_000);
  passes(-60_000);
  expect(expiryWatch({ now: () => 900, every: () => () => {} }, 1_000).look()).toBe(100);
});
