import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { escalationDesk } from '../../../electron/host/escalation-desk.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { escalationRepository } from '../../../electron/store/escalation-repository.ts';
import { incidentRepository } from '../../../electron/store/incident-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore, type Store } from '../../../electron/store/open-store.ts';
import type { Timeline } from '../../../electron/timeline/timeline.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Incident, Severity } from '../../../shared/vocabulary/incident.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const START_MS = Date.parse('2026-03-01T10:00:00Z');
const MINUTE = 60_000;
let store: Store;
beforeEach(() => {
  store = openStore(join(newDataDir(), 'countersign.db'), migrations);
});
afterEach(() => store.close());

function bench(severity: Severity = 'sev2') {
  const { clock } = steppedClock((error) => {
    throw error;
  }, START_MS);
  const key = signerOf(newPrivateKey());
  const ledger = openLedger({ db: store.db, realm: 'real', clock, ids: randomIds, signer: () => key });
  const incident: Incident = {
    id: IncidentId.parse('inc-1'),
    realm: 'real',
    title: 'Checkout is slow',
    severity,
    status: 'open',
    commander: 'Mina',
    openedMs: START_MS,
    closedMs: null,
    fromMs: START_MS,
    services: [],
    drill: null,
  };
  incidentRepository(store.db).save(incident);
  const told: string[] = [];
  const timeline = { record: (_id: string, { title }: { title: string }) => void told.push(title) };
  const desk = escalationDesk({
    repository: escalationRepository(store.db),
    incidents: { find: () => incident },
    timeline: timeline as unknown as Timeline,
    ledger,
    clock,
    ids: randomIds,
    publish: () => undefined,
  });
  desk.open({
    incident: IncidentId.parse('inc-1'),
    title: 'Fail over',
    because: 'no action',
    recommended: 'PAY-12',
    proposal: null,
  });
  const id = desk.openOnes()[0]?.id ?? '';
  return { desk, id, told, ledger };
}

it.each([
  ['sev1', 5],
  ['sev2', 15],
  ['sev3', 60],
  ['sev4', 240],
] as const)('gives an escalation of %s %i minutes', (severity, minutes) => {
  const { desk, id } = bench(severity);
  expect(desk.find(id).dueMs).toBe(START_MS + minutes * MINUTE);
});

it('is taken, handed over, taken over and closed, each step an entry by who did it', () => {
  const { desk, id, told, ledger } = bench();
  desk.take(id, 'Mina');
  desk.handOver(id, 'Jo', 'Mina');
  desk.take(id, 'Mina');
  desk.close(id, 'Mina', 'the provider is back');
  expect(desk.find(id).holders?.map(({ person }) => person)).toEqual(['Mina', 'Jo', 'Mina']);
  expect(told.slice(1)).toEqual([
    'Mina took “Fail over”',
    'Mina handed “Fail over” to Jo',
    'Mina took “Fail over” over from Jo',
  ]);
  expect(ledger.entries({ kind: 'escalation' }).map(({ actor }) => actor.name)).toEqual([
    'countersign',
    'Mina',
    'Mina',
    'Mina',
    'Mina',
  ]);
  expect(desk.openOnes()).toEqual([]);
});

it('is handed over only by who has it, to somebody else, and never after it was closed', () => {
  const { desk, id, ledger } = bench();
  expect(() => desk.handOver(id, 'Jo', 'Mina')).toThrow(/Nobody has it yet/);
  desk.take(id, 'Mina');
  expect(() => desk.handOver(id, 'Jo', 'Eve')).toThrow(/Mina has it/);
  expect(() => desk.handOver(id, 'Mina', 'Mina')).toThrow(/name somebody else/);
  expect(() => desk.take(id, 'Mina')).toThrow(/has it already/);
  desk.close(id, 'Mina', 'done');
  for (const late of [
    () => desk.take(id, 'Jo'),
    () => desk.handOver(id, 'Jo', 'Mina'),
    () => desk.close(id, 'Jo', 'x'),
  ])
    expect(late).toThrow(/Mina closed it already/);
  expect(ledger.entries({ kind: 'escalation' })).toHaveLength(3);
});

it('takes only what belongs into an escalation from whoever opens it', () => {
  const { desk } = bench();
  const smuggled = {
    incident: IncidentId.parse('inc-1'),
    title: 'x',
    because: 'x',
    recommended: 'x',
    proposal: null,
    dueMs: 0,
    holders: [{ person: 'Mina', atMs: 0 }],
  };
  desk.open(smuggled);
  const opened = desk.openOnes().find(({ title }) => title === 'x');
  expect(opened).toMatchObject({ dueMs: START_MS + 15 * MINUTE });
  expect(opened?.holders).toBeUndefined();
});

it('is closed with its incident by whoever closes that, but for what was closed before', () => {
  const { desk, id, ledger } = bench();
  desk.open({
    incident: IncidentId.parse('inc-1'),
    title: 'x',
    because: 'x',
    recommended: 'x',
    proposal: null,
  });
  desk.close(id, 'Jo', 'the provider is back');
  desk.closeAll({ id: IncidentId.parse('inc-1') }, { person: 'Mina', reason: 'all is well' });
  expect(desk.openOnes()).toEqual([]);
  expect(desk.ofIncident('inc-1').map(({ closed }) => [closed?.person, closed?.reason])).toEqual([
    ['Jo', 'the provider is back'],
    ['Mina', 'The incident is closed: all is well'],
  ]);
  expect(ledger.entries({ kind: 'escalation' })).toHaveLength(4);
});
