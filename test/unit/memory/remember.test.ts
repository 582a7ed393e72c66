import fc from 'fast-check';
import { expect, it } from 'vitest';
import { confirmedBy, remember, unknownChanges } from '../../../electron/memory/remember.ts';
import { gatherTraits, growingTraits, traitsOf } from '../../../electron/memory/traits.ts';
import type { Candidates } from '../../../shared/vocabulary/candidate.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import { RememberedIncident } from '../../../shared/vocabulary/memory.ts';
import { factsOf, TRUE } from '../../fixtures/drill-facts.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

const { incident, events } = factsOf();
const closed = { ...incident, closedMs: incident.closedMs ?? 0 };
const candidates: Candidates = {
  atMs: 1,
  onsetMs: 1,
  novelty: 0.1,
  worthReading: 1,
  services: [],
  changes: [
    {
      id: TRUE,
      score: 0.9,
      factors: [],
      reasons: [],
      kind: 'deploy',
      service: 'payments',
      title: 't',
      atMs: 1,
    },
    { id: 'other', score: 0.1, factors: [], reasons: [], kind: 'flag', service: 'web', title: 'o', atMs: 1 },
  ],
  anomalies: [anomaly('payments', {}), anomaly('cart', { version: '7' })],
};

function anomaly(service: string, labels: Record<string, string>): Candidates['anomalies'][number] {
  return {
    service,
    metric: 'error_ratio',
    kind: 'error_rate',
    labels,
    onsetMs: 1,
    direction: 'up',
    strength: 9,
    baseline: 0,
    observed: 1,
    sentence: 's',
  };
}

const note = (title: string): Event => ({
  incident: incident.id,
  kind: 'note',
  key: 'n',
  atMs: 5,
  service: 'search',
  title,
  source: 'Mina',
  author: 'Mina',
});

it('sees services that misbehave, what was seen, and the kinds of changes worth reading', () => {
  const { services, signals, changeKinds } = traitsOf({ title: 'Errors', events, candidates });
  expect(services).toContain('payments');
  expect(services).not.toContain('cart');
  expect(signals).toContain('error rate up');
  expect(signals.some((signal) => signal.startsWith('alert'))).toBe(true);
  expect(changeKinds).toEqual(['deploy']);
});

it('looks the same before and after people wrote down what they think', () => {
  const before = traitsOf({ title: 'Errors', events, candidates });
  expect(traitsOf({ title: 'Errors', events: [...events, note('it was the database')], candidates })).toEqual(
    before,
  );
});

const anySignal = fc
  .record({
    sort: fc.constantFrom('alert' as const, 'metric' as const, 'log' as const),
    service: fc.constantFrom('web', 'cart', null),
    title: fc.array(fc.constantFrom('slow', 'checkout', 'and', 'Errors', '42'), { maxLength: 4 }),
    reason: fc.constantFrom('BackOff', 'Killing'),
  })
  .map(
    ({ sort, service, title, reason }): Event => ({
      incident: incident.id,
      kind: 'signal',
      severity: 'info',
      key: 'k',
      atMs: 1,
      source: 'loki',
      sort,
      service,
      title: title.join(' '),
      labels: { reason },
    }),
  );

it('sees the same of events that come one by one, in whatever order, also when it is asked meanwhile', () => {
  fc.assert(
    fc.property(fc.array(anySignal, { maxLength: 30 }), fc.boolean(), (signals, isRanked) => {
      const ranked = isRanked ? candidates : null;
      const gathered = gatherTraits();
      for (const event of signals.toReversed()) {
        gathered.add(event);
        gathered.traits('Errors and slow', ranked);
      }
      const traits = gathered.traits('Errors and slow', ranked);
      expect(traits).toEqual(traitsOf({ title: 'Errors and slow', events: signals, candidates: ranked }));
      const seen = signals.filter((event) => event.kind === 'signal' && event.sort !== 'metric');
      const titles = ['errors and slow', ...seen.map(({ title }) => title.toLowerCase())];
      const said = ['checkout', 'errors', 'slow']
        .map((word) => ({ word, often: titles.filter((title) => title.split(' ').includes(word)).length }))
        .filter(({ often }) => often > 0)
        .sort((a, b) => b.often - a.often);
      expect(traits.words).toEqual(said.map(({ word }) => word));
      const whole = isRanked ? ['payments'] : [];
      const services = new Set([...whole, ...seen.flatMap(({ service }) => service ?? [])]);
      expect(traits.services).toEqual([...services].sort());
    }),
  );
});

it('stays bounded, whatever a source writes', () => {
  const flood: Event[] = Array.from({ length: 3_000 }, (_, index) => ({
    incident: incident.id,
    kind: 'signal',
    sort: 'log',
    severity: 'info',
    key: `k${index}`,
    atMs: index,
    service: `service-${index}`,
    title: `unique${index} ${'x'.repeat(400)}`,
    source: 'loki',
    labels: { reason: 'r'.repeat(5_000) + index },
  }));
  const { services, signals, words } = traitsOf({ title: '', events: flood, candidates: null });
  expect(services.length).toBeLessThanOrEqual(40);
  expect(signals.length).toBeLessThanOrEqual(60);
  expect(words.length).toBeLessThanOrEqual(60);
  for (const term of [...signals, ...words]) expect(term.length).toBeLessThanOrEqual(100);
});

it('keeps what was tried and what it came to, and leaves out what was never carried out', () => {
  const proposals = [
    proposalOf({ title: 'Never decided' }),
    proposalOf({ title: 'Let go', progress: { state: 'expired', atMs: 1, because: 'old' } }),
  ];
  const record = remember({ incident: closed, events, candidates, hypotheses: [], proposals }, null);
  expect(RememberedIncident.parse(record).tried).toEqual([]);
  expect(record.digest.length).toBeGreaterThan(0);
  expect(record.digest.map(({ atMs }) => atMs)).toEqual(
    record.digest.map(({ atMs }) => atMs).sort((a, b) => a - b),
  );
});

it('says the confirmed cause in words that stand without the timeline', () => {
  const review = { cause: { as: 'change' as const, changes: [TRUE] }, helped: 'undo', didNotHelp: '' };
  expect(confirmedBy(review, events, 'Mina', 7)).toMatchObject({
    inWords: `Changed ${TRUE}`,
    person: 'Mina',
    helped: 'undo',
  });
});

it('finds a change that the timeline does not hold', () => {
  expect(unknownChanges({ as: 'change', changes: [TRUE, 'made up'] }, events)).toEqual(['made up']);
  expect(unknownChanges({ as: 'none' }, events)).toEqual([]);
});

it('sees the same as anew of an incident that grows, whatever comes in between, is put in another place or goes', () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('add' as const), event: anySignal, at: fc.nat(30) }),
    fc.record({ does: fc.constant('replace' as const), event: anySignal, at: fc.nat(30) }),
    fc.record({ does: fc.constant('remove' as const), at: fc.nat(30) }),
    fc.record({ does: fc.constant('move' as const), at: fc.nat(30) }),
    fc.record({ does: fc.constant('note' as const), at: fc.nat(30) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, isRanked) => {
      const look = growingTraits();
      const ranked = isRanked ? candidates : null;
      let held: Event[] = [];
      for (const one of steps) {
        const at = Math.min(one.at, held.length);
        if (one.does === 'add') held = held.toSpliced(at, 0, one.event);
        else if (one.does === 'note') held = held.toSpliced(at, 0, note('search is slow'));
        else if (one.does === 'replace') held = held.map((event, n) => (n === at ? one.event : event));
        else if (one.does === 'remove') held = held.toSpliced(at, 1);
        else held = [...held.slice(at), ...held.slice(0, at)];
        const seen = { title: 'Errors and slow', events: held, candidates: ranked };
        expect(look(seen)).toEqual(traitsOf(seen));
      }
    }),
  );
});

it('reads an event once, however often an incident that grows is looked at', () => {
  const read: string[] = [];
  const signal = (key: string): Event => ({
    incident: incident.id,
    kind: 'signal',
    severity: 'info',
    key,
    atMs: 1,
    source: 'loki',
    sort: 'log',
    service: null,
    get title() {
      read.push(key);
      return 'errors';
    },
  });
  const [a, b, c] = [signal('a'), signal('b'), signal('c')];
  const look = growingTraits();
  for (const held of [[a], [a], [b, a], [b, note('n'), a, c]])
    look({ title: '', events: held, candidates: null });
  expect(read).toEqual(['a', 'b', 'c']);
});
