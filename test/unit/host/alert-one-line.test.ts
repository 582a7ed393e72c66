import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../electron/connectors/alert-labels.ts';
import type { Alert, Connector } from '../../../electron/connectors/source.ts';
import { alertKeyParts } from '../../../electron/timeline/alert-lines.ts';
import { alertIntakeOn, alertSource, nothingStands } from '../../fixtures/alert-intake-on.ts';

const t0 = Date.parse('2026-03-01T12:00:00Z');
const seconds = (count: number) => count * 1_000;

const EVALUATED_EVERY_MS = 1_000;

/** One time that the alert fires: since when its condition holds, for how long before it fires, and until when. */
type Firing = { fromMs: number; forMs: number; toMs: number };

const labels = { alertname: 'HighErrorRate', service: 'checkout' };
const alertOf = (startedMs: number, more: Record<string, string> = {}): Alert => ({
  fingerprint: fingerprintOf({ ...labels, ...more }),
  name: 'HighErrorRate',
  severity: 'critical',
  service: 'checkout',
  labels: { ...labels, ...more },
  summary: 'HighErrorRate',
  startedMs,
  raw: null,
});
/** What a Prometheus gives to what it sends. */
const external = { cluster: 'eu-1' };
const sentAs = [fingerprintOf({ ...labels, ...external })];

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/**
 * A Prometheus, an Alertmanager that it tells, perhaps under other labels, and a receiver that this one tells, each a little
 * later than the other.
 */
function world(
  firings: readonly Firing[],
  { isRelabelled = false, delays = { manager: 700, receiver: 1_300 } } = {},
) {
  let nowMs = t0;
  const seen = new Set<Firing>();
  const standing = (startOf: 'condition' | 'firing', delayMs: number, isLook: boolean): Alert[] => {
    const atMs = nowMs - delayMs;
    const firing = firings.find(({ fromMs, forMs, toMs }) => fromMs + forMs <= atMs && atMs < toMs);
    if (!firing) return [];
    if (isLook) seen.add(firing);
    const { fromMs, forMs } = firing;
    const sent = isRelabelled ? { sentAs } : {};
    return startOf === 'condition'
      ? [{ ...alertOf(fromMs), ...sent, firesWithinMs: forMs + 1.5 * EVALUATED_EVERY_MS }]
      : [alertOf(fromMs + forMs, isRelabelled ? external : {})];
  };
  const source = (id: string, startOf: 'condition' | 'firing', delayMs: number) => ({
    connector: alertSource(id, { startOf, firing: async () => standing(startOf, delayMs, false) }),
    look: () => standing(startOf, delayMs, true),
  });
  const sources = {
    prometheus: source('prometheus', 'condition', 0),
    alertmanager: source('alertmanager', 'firing', delays.manager),
    receiver: source('receiver', 'firing', delays.receiver),
  };
  const host = alertIntakeOn(
    Object.values(sources).map(({ connector }): Connector => connector),
    t0,
  );
  closing.push(host.close);
  const lines = () => host.signals().filter(({ key }) => alertKeyParts(key) !== null);
  return {
    host,
    sources,
    seen,
    pass(ms: number) {
      nowMs += ms;
      host.at(nowMs);
    },
    async look(who: keyof typeof sources) {
      const { connector, look } = sources[who];
      await host.intake().take(connector, { ...nothingStands, firing: look() });
    },
    lines,
    ends: () =>
      lines().map(({ key }) => host.signals().filter((one) => one.key === `${key}:resolved`).length),
  };
}

const everyone = ['prometheus', 'alertmanager', 'receiver'] as const;

describe('an alert that fires after its condition held for a while', () => {
  const firing = { fromMs: t0 + seconds(10), forMs: seconds(3), toMs: t0 + seconds(60) };

  it.each([
    ['Prometheus tells it first', ['prometheus', 'alertmanager', 'receiver']],
    ['the Alertmanager tells it first', ['alertmanager', 'prometheus', 'receiver']],
    ['the receiver tells it first', ['receiver', 'alertmanager', 'prometheus']],
  ] as const)('is one line with one end where %s, and names who tells it', async (_case, order) => {
    for (const [last, isRelabelled] of [...order, ...order.toReversed()].flatMap(
      (who) =>
        [
          [who, false],
          [who, true],
        ] as const,
    )) {
      const { host, pass, look, lines, ends } = world([firing], { isRelabelled });
      pass(seconds(20));
      for (const who of order) await look(who);
      expect(lines()).toHaveLength(1);
      expect(host.opened()).toBe(1);
      const others = lines()[0]?.toldAlso ?? [];
      expect(others.length).toBeGreaterThan(0);
      expect(lines()[0]?.detail).toContain('Also told by');
      pass(seconds(60));
      await look(last);
      expect(ends()).toEqual([1]);
      for (const who of order) await look(who);
      expect(lines()).toHaveLength(1);
      expect(ends()).toEqual([1]);
    }
  });

  it('is another line when it fires again, and stays so when Countersign is started again', async () => {
    const again = { fromMs: t0 + seconds(62), forMs: seconds(3), toMs: t0 + seconds(100) };
    const { host, pass, look, lines, ends } = world([firing, again]);
    pass(seconds(20));
    for (const who of everyone) await look(who);
    pass(seconds(50));
    // The Alertmanager tells the end of the first and the beginning of the second in one look.
    await look('alertmanager');
    expect(lines()).toHaveLength(2);
    host.restart();
    for (const who of everyone.toReversed()) await look(who);
    expect(lines()).toHaveLength(2);
    pass(seconds(60));
    for (const who of everyone) await look(who);
    expect(ends()).toEqual([1, 1]);
  });

  it('is one line however long its condition held, where whoever knows that says so', async () => {
    const slow = { fromMs: t0 + seconds(10), forMs: seconds(7_200), toMs: t0 + seconds(9_000) };
    const { host, pass, look, lines } = world([slow]);
    pass(seconds(7_300));
    await look('prometheus');
    host.restart();
    for (const who of everyone.toReversed()) await look(who);
    expect(lines()).toHaveLength(1);
  });
});

it('two Prometheus that tell an alert of the same labels tell one where it began at the same time, else two', async () => {
  for (const [laterMs, count] of [
    [0, 1],
    [400, 2],
  ] as const) {
    const [one, other, manager] = [
      alertSource('one', { startOf: 'condition' }),
      alertSource('other', { startOf: 'condition' }),
      alertSource('manager', { startOf: 'firing' }),
    ];
    const tellings = [
      { connector: one, firing: [alertOf(t0)] },
      { connector: other, firing: [alertOf(t0 + laterMs)] },
      { connector: manager, firing: [alertOf(t0 + seconds(5))] },
    ];
    for (const order of [tellings, tellings.toReversed(), [...tellings.slice(1), ...tellings.slice(0, 1)]]) {
      const host = alertIntakeOn([one, other, manager], t0 + seconds(20));
      closing.push(host.close);
      for (const { connector, firing } of order)
        await host.intake().take(connector, { ...nothingStands, firing });
      expect(host.signals()).toHaveLength(count);
    }
  }
});

it('an alert that fires today is no line of last week, whose end nobody saw', async () => {
  const prometheus = alertSource('prometheus', { startOf: 'condition' });
  const manager = alertSource('manager', { startOf: 'firing' });
  const host = alertIntakeOn([prometheus, manager], t0);
  closing.push(host.close);
  await host.intake().take(prometheus, { ...nothingStands, firing: [alertOf(t0)] });
  host.restart();
  host.at(t0 + seconds(7 * 86_400));
  await host.intake().take(manager, { ...nothingStands, firing: [alertOf(t0 + seconds(7 * 86_400 - 60))] });
  expect(host.signals()).toHaveLength(2);
});

describe('an alert that ended while Countersign was closed', () => {
  const ofManager = { ...nothingStands, firing: [alertOf(t0)] };
  const endOf = (host: ReturnType<typeof alertIntakeOn>) =>
    host.signals().find(({ key }) => key.endsWith(':resolved'));

  it('is over at the first look, which says when it was last seen', async () => {
    const manager = alertSource('manager', { startOf: 'firing' });
    const host = alertIntakeOn([manager], t0);
    closing.push(host.close);
    await host.intake().take(manager, ofManager);
    host.restart();
    host.at(t0 + seconds(3_600));
    await host.intake().take(manager, nothingStands);
    expect(endOf(host)).toMatchObject({ atMs: t0 + seconds(3_600), reconstructed: true });
    expect(endOf(host)?.detail).toContain(`last seen to fire at ${new Date(t0).toISOString()}`);
    expect(host.opened()).toBe(1);
  });

  it('gets its true time where another connection knows it, whichever is looked at first', async () => {
    for (const isFirst of [true, false]) {
      const manager = alertSource('manager', { startOf: 'firing' });
      const prometheus = alertSource('prometheus', { startOf: 'condition' });
      const host = alertIntakeOn([manager, prometheus], t0);
      closing.push(host.close);
      await host.intake().take(manager, ofManager);
      host.restart();
      host.at(t0 + seconds(3_600));
      const known = { ...alertOf(t0 - seconds(3)), endedMs: t0 + seconds(60) };
      if (isFirst) host.intake().missed(prometheus, [known]);
      await host.intake().take(manager, nothingStands);
      if (!isFirst) host.intake().missed(prometheus, [known]);
      expect(host.signals()).toHaveLength(2);
      expect(endOf(host)).toMatchObject({ atMs: t0 + seconds(60), source: 'prometheus' });
    }
  });

  it('ends when it was told to have ended, not when that was told, and never in the future', async () => {
    for (const [toldMs, expectedMs] of [
      [t0 + seconds(90), t0 + seconds(90)],
      [t0 + seconds(900), t0 + seconds(300)],
      [null, t0 + seconds(300)],
    ] as const) {
      const receiver = alertSource('receiver', { startOf: 'firing', endedAt: () => toldMs });
      const host = alertIntakeOn([receiver], t0);
      closing.push(host.close);
      await host.intake().take(receiver, ofManager);
      host.at(t0 + seconds(300));
      await host.intake().take(receiver, nothingStands);
      expect(endOf(host)?.atMs).toBe(expectedMs);
    }
  });

  it('and fires again is another line', async () => {
    const manager = alertSource('manager', { startOf: 'firing' });
    const host = alertIntakeOn([manager], t0);
    closing.push(host.close);
    await host.intake().take(manager, ofManager);
    host.restart();
    host.at(t0 + seconds(3_600));
    await host
      .intake()
      .take(manager, { ...nothingStands, runningSinceMs: t0 + 1, firing: [alertOf(t0 + seconds(3_000))] });
    expect(host.signals().map(({ title }) => title)).toEqual([
      'HighErrorRate',
      'HighErrorRate',
      'Resolved: HighErrorRate',
    ]);
  });

  it('goes on where it was told by one whose silence says nothing', async () => {
    const resumed: Alert[] = [];
    const resume = (alerts: readonly Alert[]) => void resumed.push(...alerts);
    const receiver = alertSource('receiver', { startOf: 'firing', resume });
    const host = alertIntakeOn([receiver], t0);
    closing.push(host.close);
    await host.intake().take(receiver, ofManager);
    host.restart();
    await host.intake().take(receiver, nothingStands);
    expect(resumed).toMatchObject([{ ...alertOf(t0), raw: null }]);
    expect(host.signals()).toHaveLength(1);
    await host.intake().take(receiver, ofManager);
    await host.intake().take(receiver, nothingStands);
    expect(endOf(host)).toBeDefined();
  });
});

it('each time that an alert fires is one line with one end, whoever tells it when, in whatever order', async () => {
  const firings = fc
    .array(
      fc.record({
        restMs: fc.integer({ min: EVALUATED_EVERY_MS, max: 120_000 }),
        forMs: fc.constantFrom(0, 1_000, 3_000, 60_000, 7_200_000),
        firesMs: fc.integer({ min: EVALUATED_EVERY_MS, max: 90_000 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((some) => {
      let endedMs = t0;
      return some.map(({ restMs, forMs, firesMs }): Firing => {
        const fromMs = endedMs + restMs;
        endedMs = fromMs + forMs + firesMs;
        return { fromMs, forMs, toMs: endedMs };
      });
    });
  const step = fc.record({
    passMs: fc.integer({ min: 0, max: 20_000 }),
    who: fc.constantFrom(...everyone, ...everyone, 'restart' as const),
  });
  await fc.assert(
    fc.asyncProperty(firings, fc.array(fc.array(step, { maxLength: 12 })), fc.boolean(), async (...told) => {
      const [some, looks, isRelabelled] = told;
      const { host, pass, look, lines, seen, ends } = world(some, { isRelabelled });
      let spentMs = 0;
      for (const [index, { fromMs, forMs }] of some.entries()) {
        // To where it is about to fire, or further where the last one took longer.
        const aheadMs = Math.max(0, fromMs + forMs - t0 - spentMs);
        pass(aheadMs);
        spentMs += aheadMs;
        for (const { passMs, who } of looks[index] ?? []) {
          pass(passMs);
          spentMs += passMs;
          if (who === 'restart') host.restart();
          else await look(who);
        }
      }
      pass(400_000 + 4 * 7_300_000);
      for (const who of [...everyone, ...everyone]) await look(who);
      expect(lines()).toHaveLength(seen.size);
      for (const count of ends()) expect(count).toBe(1);
      host.close();
    }),
    { numRuns: 120 },
  );
}, 60_000);

describe('an alert that a Prometheus dates anew after it was started again, of which only an Alertmanager told', () => {
  const [firedMs, restartedMs, datedMs] = [t0, t0 + seconds(1_000), t0 + seconds(1_030)];

  async function linesWhere({
    runningSinceMs = restartedMs as number | null,
    standsSince = [firedMs],
    sent = {},
  } = {}) {
    const more = 'sentAs' in sent ? external : {};
    const manager = alertSource('manager', {
      startOf: 'firing',
      firing: async () => standsSince.map((startedMs) => alertOf(startedMs, more)),
    });
    const prometheus = alertSource('prometheus', { startOf: 'condition' });
    const host = alertIntakeOn([manager, prometheus], t0 + seconds(5));
    closing.push(host.close);
    await host.intake().take(manager, { ...nothingStands, firing: [alertOf(firedMs, more)] });
    host.restart();
    host.at(t0 + seconds(1_060));
    await host
      .intake()
      .take(prometheus, { ...nothingStands, runningSinceMs, firing: [{ ...alertOf(datedMs), ...sent }] });
    return host.signals().length;
  }

  it('is one line where the Alertmanager says that it stands since it first fired', async () => {
    expect(await linesWhere()).toBe(1);
    expect(await linesWhere({ sent: { sentAs } })).toBe(1);
  });

  it.each([
    ['the Prometheus was not started again', { runningSinceMs: firedMs - seconds(60) }],
    ['the Prometheus does not say since when it runs', { runningSinceMs: null }],
    ['its date is older than the process that gives it', { runningSinceMs: datedMs + 1 }],
    ['the Alertmanager has it since another time', { standsSince: [datedMs] }],
    ['the Alertmanager has it no more', { standsSince: [] }],
  ])('is another line where %s', async (_case, given) => expect(await linesWhere(given)).toBe(2));
});

describe('alerts whose labels are changed on the way', () => {
  const at = t0 + seconds(20);
  const ofPod = (pod: string, startedMs = t0): Alert => ({ ...alertOf(startedMs, { pod }), sentAs });
  const arrived = alertOf(t0 + seconds(5), external);

  function sources(prometheusSays: () => Alert[] = () => []) {
    const prometheus = alertSource('prometheus', {
      startOf: 'condition',
      firing: async () => prometheusSays(),
    });
    const manager = alertSource('manager', { startOf: 'firing' });
    const host = alertIntakeOn([prometheus, manager], at);
    closing.push(host.close);
    const tell = (connector: Connector, firing: Alert[]) =>
      host.intake().take(connector, { ...nothingStands, firing });
    const told = () => host.signals().filter(({ key }) => alertKeyParts(key) !== null);
    return { prometheus, manager, host, tell, told };
  }

  it('are a line each at their source though they arrive as one, which is told beside one of them', async () => {
    for (const isManagerFirst of [false, true]) {
      const { prometheus, manager, tell, told, host } = sources();
      const pods = [ofPod('one'), ofPod('two')];
      if (isManagerFirst) await tell(manager, [arrived]);
      await tell(prometheus, pods);
      await tell(manager, [arrived]);
      expect(told()).toHaveLength(2);
      expect(told().filter(({ toldAlso = [] }) => toldAlso.length > 0)).toHaveLength(1);
      await tell(prometheus, []);
      await tell(manager, []);
      expect(host.signals().filter(({ key }) => key.endsWith(':resolved'))).toHaveLength(2);
    }
  });

  it('are a line each where they began together and are told one after the other', async () => {
    const { prometheus, manager, tell, told } = sources();
    await tell(manager, [arrived]);
    await tell(prometheus, [ofPod('one')]);
    await tell(prometheus, [ofPod('one'), ofPod('two')]);
    expect(told()).toHaveLength(2);
  });

  it('do not end the line of another that arrives as the same', async () => {
    const { prometheus, manager, host, tell, told } = sources();
    await tell(manager, [arrived]);
    await tell(prometheus, [ofPod('one')]);
    host.intake().missed(prometheus, [{ ...ofPod('two'), raw: null, endedMs: t0 + seconds(10) }]);
    expect(told()).toHaveLength(2);
    const ends = host.signals().filter(({ key }) => key.endsWith(':resolved'));
    expect(ends.map(({ key }) => key)).toEqual([expect.stringContaining(ofPod('two').fingerprint)]);
  });

  it('are found by what the source says now where their line was written before that was known', async () => {
    const says: Alert[] = [];
    const { prometheus, manager, host, tell, told } = sources(() => says);
    const { sentAs: _unknown, ...before } = ofPod('one');
    await tell(prometheus, [before]);
    host.restart();
    says.push(ofPod('one'));
    await tell(manager, [arrived]);
    await tell(prometheus, says);
    expect(told()).toHaveLength(1);
    expect(told()[0]?.key).toContain('alert:prometheus:');
  });

  it('are found by their line where the source does not answer when Countersign is started again', async () => {
    const { prometheus, manager, host, tell, told } = sources();
    await tell(prometheus, [ofPod('one')]);
    host.restart();
    await tell(manager, [arrived]);
    expect(told()).toHaveLength(1);
  });

  it('are not taken for one that arrives under their own labels from elsewhere, or that is never sent', async () => {
    for (const sent of [sentAs, []]) {
      const { prometheus, manager, tell, told } = sources();
      await tell(prometheus, [{ ...alertOf(t0), sentAs: sent }]);
      await tell(manager, [alertOf(t0 + seconds(5))]);
      expect(told()).toHaveLength(2);
    }
  });

  it('are kept quiet by what the Alertmanager silences of what arrives', async () => {
    const quiet = { kind: 'silenced', by: 'a.novak', comment: 'known', untilMs: null } as const;
    const manager: Connector = {
      ...alertSource('manager', {
        startOf: 'firing',
        standing: async () => ({ ...nothingStands, quiet: [{ ...arrived, quiet }] }),
      }),
      kind: 'alertmanager',
    };
    const prometheus = alertSource('prometheus', { startOf: 'condition' });
    for (const [alert, count] of [
      [ofPod('one'), 0],
      [alertOf(t0), 1],
    ] as const) {
      const host = alertIntakeOn([prometheus, manager], at);
      closing.push(host.close);
      await host.intake().take(prometheus, { ...nothingStands, firing: [alert] });
      expect(host.opened()).toBe(count);
    }
  });

  it('get their end from the source that kept it, however the line was told', async () => {
    const { prometheus, manager, host, tell } = sources();
    await tell(manager, [arrived]);
    host.restart();
    host.at(t0 + seconds(3_600));
    host.intake().missed(prometheus, [{ ...ofPod('one'), raw: null, endedMs: t0 + seconds(60) }]);
    await tell(manager, []);
    expect(host.signals().map(({ title, atMs }) => [title, atMs])).toEqual([
      ['HighErrorRate', t0 + seconds(5)],
      ['Resolved: HighErrorRate', t0 + seconds(60)],
    ]);
  });
});

it('alerts that arrive as one each keep a line of their own with one end, whoever tells what when', async () => {
  const spans = fc
    .array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 60_000 }),
        forMs: fc.integer({ min: 1_000, max: 60_000 }),
      }),
      {
        minLength: 2,
        maxLength: 4,
      },
    )
    .map((some) =>
      some.map(({ afterMs, forMs }, index) => ({
        pod: `pod-${index}`,
        fromMs: t0 + afterMs,
        toMs: t0 + afterMs + forMs,
      })),
    );
  const step = fc.record({
    passMs: fc.integer({ min: 0, max: 15_000 }),
    who: fc.constantFrom('prometheus', 'manager', 'prometheus', 'manager', 'restart'),
  });
  await fc.assert(
    fc.asyncProperty(spans, fc.array(step, { maxLength: 25 }), async (some, steps) => {
      let nowMs = t0;
      const seen = new Set<string>();
      const atSource = (): Alert[] =>
        some
          .filter(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)
          .map(({ pod, fromMs }) => ({ ...alertOf(fromMs, { pod }), sentAs }));
      /** As one for as long as one of them fires without a break, told a little later. */
      const arriving = (): Alert[] => {
        const atMs = nowMs - 700;
        let sinceMs = Number.POSITIVE_INFINITY;
        let reachedMs = atMs;
        for (const { fromMs, toMs } of some.toSorted((one, other) => other.fromMs - one.fromMs))
          if (fromMs <= reachedMs && toMs > reachedMs) {
            sinceMs = fromMs;
            reachedMs = fromMs - 1;
          }
        return Number.isFinite(sinceMs) ? [alertOf(sinceMs, external)] : [];
      };
      const prometheus = alertSource('prometheus', { startOf: 'condition', firing: async () => atSource() });
      const manager = alertSource('manager', { startOf: 'firing', firing: async () => arriving() });
      const host = alertIntakeOn([prometheus, manager], t0);
      const look = async (connector: Connector, firing: Alert[]) =>
        host.intake().take(connector, { ...nothingStands, firing });
      const pass = (ms: number) => {
        nowMs += ms;
        host.at(nowMs);
      };
      for (const { passMs, who } of steps) {
        pass(passMs);
        if (who === 'restart') host.restart();
        else if (who === 'manager') await look(manager, arriving());
        else {
          for (const { fingerprint } of atSource()) seen.add(fingerprint);
          await look(prometheus, atSource());
        }
      }
      pass(600_000);
      for (const connector of [prometheus, manager, prometheus, manager]) await look(connector, []);
      const lines = host.signals().filter(({ key }) => alertKeyParts(key) !== null);
      const told = lines.map(({ key, toldAlso = [] }) =>
        [key, ...toldAlso].flatMap((one) => {
          const parts = alertKeyParts(one);
          return parts?.source === 'prometheus' ? [parts.fingerprint] : [];
        }),
      );
      expect(told.flat().sort()).toEqual([...seen].sort());
      for (const fingerprints of told) expect(fingerprints.length).toBeLessThan(2);
      for (const { key } of lines)
        expect(host.signals().filter((one) => one.key === `${key}:resolved`)).toHaveLength(1);
      host.close();
    }),
    { numRuns: 150 },
  );
}, 60_000);
