import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import { linesIn } from '../../../renderer/state/event-line.ts';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import { HostEvent as HostEventSchema } from '../../../shared/bridge/host-events.ts';
import type { EventPlace } from '../../../shared/vocabulary/event-page.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

const closing: Host[] = [];
afterEach(async () => {
  for (const host of closing.splice(0)) await host.close();
});

async function start(dataDir = newDataDir()) {
  const host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  closing.push(host);
  const events: HostEvent[] = [];
  host.subscribe((event) => events.push(event));
  return { host, call: callerOf(host), events, dataDir };
}

const EVERY_STEP = [
  'envelope',
  'incident.opened',
  'signal',
  'model.turn',
  'read',
  'hypotheses',
  'proposal',
  'verdict',
  'shown',
  'decision',
  'intent',
  'result',
  'outcome',
];

async function startedDrill() {
  const started = await start();
  const incident = await started.call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  const proposal = await eventually(
    'the proposal',
    async () => (await started.call('incidents.room', { incident: incident.id })).proposals[0],
  );
  return { ...started, incident, proposal };
}

it('plays a drill on the screen from alert to improved, drill time running fast while the effect is watched', async () => {
  const { call, events, incident, proposal } = await startedDrill();
  expect(incident.drill).toEqual({ scenario: 'bad-deploy', seed: 7 });
  const approved = await call('proposals.approve', {
    proposal: proposal.id,
    shownDigest: digestOfShown(proposal),
    typedTarget: proposal.target.name,
  });
  expect(approved.progress.state).toBe('watching');
  await eventually(
    'drill time to run fast',
    async () => ((await call('host.status', {})).drill?.speed ?? 1) > 1,
  );
  await call('drills.setSpeed', { speed: 120 });
  const done = await eventually('the outcome', async () => {
    const { proposals } = await call('incidents.room', { incident: incident.id });
    return proposals[0]?.progress.state === 'done' && proposals[0].progress;
  });
  expect(done).toMatchObject({ outcome: 'improved' });
  expect((await call('incidents.room', { incident: incident.id })).incident.status).toBe('mitigated');
  expect(await call('ledger.verify', { realm: 'drill' })).toMatchObject({ ok: true, problems: [] });
  const entries = await call('ledger.entries', { realm: 'drill', limit: 500 });
  const kinds = new Set(entries.map(({ kind }) => kind));
  for (const kind of EVERY_STEP) expect(kinds).toContain(kind);

  // The trouble is over, so another drill may begin without ending this one by hand.
  const next = await call('drills.start', { scenario: 'bad-deploy', seed: 8 });
  expect(next.id).not.toBe(incident.id);
  expect((await call('incidents.room', { incident: incident.id })).incident.status).toBe('closed');
  const report = await call('report.read', { incident: incident.id });
  const outcome = report.lines.find(({ title }) => title.includes('Outcome improved'));
  const [backing] = await call('ledger.entries', {
    realm: 'drill',
    before: (outcome?.entry ?? 0) + 1,
    limit: 1,
  });
  expect(backing).toMatchObject({ seq: outcome?.entry, kind: 'outcome' });
  for (const event of events) HostEventSchema.parse(event);
});

it('refuses a second drill while one is played, and plays another after it has ended', async () => {
  const { call } = await start();
  await call('drills.start', { scenario: 'bad-deploy', seed: 1 });
  await expect(call('drills.start', { scenario: 'bad-deploy', seed: 2 })).rejects.toMatchObject({
    code: 'conflict',
  });
  await call('drills.end', {});
  const again = await call('drills.start', { scenario: 'bad-deploy', seed: 2 });
  expect(again.drill?.seed).toBe(2);
});

it('a stop voids open offers, ends the analyst and survives a restart; lifting it takes a reason', async () => {
  const { host, call, dataDir, proposal, incident } = await startedDrill();
  await call('stop.engage', { reason: 'wrong room' });
  const { proposals } = await call('incidents.room', { incident: incident.id });
  expect(proposals[0]?.progress.state).toBe('voided');
  await expect(
    call('proposals.approve', {
      proposal: proposal.id,
      shownDigest: digestOfShown(proposal),
      typedTarget: proposal.target.name,
    }),
  ).rejects.toMatchObject({ code: 'conflict' });
  await expect(call('analyst.start', { incident: incident.id })).rejects.toMatchObject({ code: 'stopped' });
  await host.close();

  const restarted = await start(dataDir);
  expect((await restarted.call('host.status', {})).stop).toMatchObject({
    stopped: true,
    reason: 'wrong room',
  });
  await expect(restarted.call('stop.lift', { reason: ' ' })).rejects.toMatchObject({ code: 'bad_input' });
  await restarted.call('stop.lift', { reason: 'all clear' });
  expect((await restarted.call('host.status', {})).stop.stopped).toBe(false);
});

it('a doubt is on record and makes the analyst argue against its first hypothesis', async () => {
  const { call, incident } = await startedDrill();
  const before = (await call('incidents.room', { incident: incident.id })).hypotheses;
  await call('hypotheses.challenge', { incident: incident.id, reason: 'the database was slow before' });
  const after = await eventually('the second statement', async () => {
    const { hypotheses } = await call('incidents.room', { incident: incident.id });
    return hypotheses[0]?.id !== before[0]?.id && hypotheses;
  });
  const doubted = after.find(({ cause }) => cause === before[0]?.cause);
  expect(doubted?.confidence).toBeLessThan(before[0]?.confidence ?? 0);
  expect(doubted?.against.length).toBeGreaterThan(before[0]?.against.length ?? 0);
});

it('says of an incident of which nothing is seen neither that it is new nor that somebody must find its cause', async () => {
  const { call } = await start();
  const { id: incident } = await call('incidents.open', { title: 'Somebody rang us up', severity: 'sev3' });
  const room = await eventually('the end of the reading', async () => {
    const now = await call('incidents.room', { incident });
    return now.candidates && now.analyst.state === 'done' ? now : undefined;
  });
  expect(JSON.stringify(room.analyst.steps)).toContain('Nothing is seen yet');
  expect([room.memory?.novelty, room.hypotheses, room.escalations]).toEqual([null, [], []]);
});

it('keeps notes, escalations and closed incidents over a restart', async () => {
  const { host, call, dataDir } = await start();
  const incident = await call('incidents.open', { title: 'Checkout feels slow', severity: 'sev3' });
  await call('timeline.addNote', { incident: incident.id, text: 'asked the payments team' });
  await host.close();
  const restarted = await start(dataDir);
  const room = await restarted.call('incidents.room', { incident: incident.id });
  expect(room.events.map(({ title }) => title)).toContain('asked the payments team');
  const closed = await restarted.call('incidents.close', { incident: incident.id, reason: 'gone by itself' });
  expect(closed.status).toBe('closed');
  await expect(
    restarted.call('incidents.close', { incident: incident.id, reason: 'again' }),
  ).rejects.toMatchObject({ code: 'conflict' });
});

it('writes a note anew and takes it away, keeps every text on record, and leaves what was decided alone', async () => {
  const { host, call, dataDir } = await start();
  const incident = await call('incidents.open', { title: 'Checkout feels slow', severity: 'sev3' });
  const about = { incident: incident.id };
  const { key } = await call('timeline.addNote', { ...about, text: 'asked payments' });
  await call('timeline.editNote', { ...about, key, text: 'asked **payments** and cards' });
  await call('timeline.pin', { ...about, key, pinned: true });
  const deleted = await call('timeline.deleteNote', { ...about, key });
  expect(deleted).toMatchObject({ trace: [{ what: 'edited' }, { what: 'deleted' }] });
  expect(JSON.stringify(deleted)).not.toContain('payments');
  await expect(call('timeline.editNote', { ...about, key, text: 'again' })).rejects.toThrow('deleted');

  await call('hypotheses.challenge', { ...about, reason: 'it began earlier' });
  const { events } = await call('incidents.room', about);
  for (const line of events.filter(({ key: other }) => other !== key)) {
    await expect(call('timeline.deleteNote', { ...about, key: line.key })).rejects.toMatchObject({
      code: 'conflict',
    });
  }
  await expect(call('timeline.pin', { ...about, key: 'nothing', pinned: true })).rejects.toMatchObject({
    code: 'not_found',
  });

  const notes = await call('ledger.entries', { realm: 'real', kind: 'note', limit: 10 });
  expect(notes.map(({ body }) => body)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key, text: 'asked payments' }),
      expect.objectContaining({ key, was: 'edited', text: 'asked **payments** and cards' }),
      { key, was: 'deleted' },
    ]),
  );
  await host.close();
  const after = await (await start(dataDir)).call('incidents.room', about);
  expect(after.pinned).toEqual([key]);
  expect(after.events.find((event) => event.key === key)).toEqual(deleted);
});

it('keeps what people write into a report, shows who was faster, and exports it in every format', async () => {
  const { call } = await start();
  const { id: incident } = await call('incidents.open', { title: 'Checkout feels slow', severity: 'sev3' });
  const write = (text: string, was: number | null) =>
    call('report.write', { incident, section: 'went-well', text, was });
  const first = (await write('The canary told us.', null)).sections.find(({ name }) => name === 'went-well');
  await expect(write('Nothing did.', null)).rejects.toThrow('wrote this section meanwhile');
  const cleared = await write('', first?.written?.atMs ?? 0);
  expect(cleared.sections.find(({ name }) => name === 'went-well')?.written).toBeNull();
  await write('The canary told us early.', null);

  for (const format of ['md', 'html', 'pdf', 'json', 'csv'] as const) {
    const file = await call('report.export', { incident, format });
    const content = file.isBase64 ? Buffer.from(file.content, 'base64').toString('latin1') : file.content;
    expect(content).toContain(
      { pdf: '%PDF', csv: 'at_utc,' }[format as 'pdf'] ?? 'The canary told us early.',
    );
  }
  const entries = await call('ledger.entries', { realm: 'real', kind: 'report', limit: 20 });
  expect(entries.filter(({ body }) => 'section' in body)).toHaveLength(3);
  expect(entries.filter(({ body }) => 'format' in body)).toHaveLength(5);
});

it('gives the newest events with the room and the others page by page, each once', async () => {
  const { call } = await startedDrill();
  const [incident] = await call('incidents.list', {});
  if (!incident) throw new Error('a drill is an incident');
  const { events, earlier } = await call('incidents.room', { incident: incident.id });
  expect(earlier).toBe(0);
  const paged: string[] = [];
  let before: EventPlace = { atMs: Number.MAX_SAFE_INTEGER, key: 'x' };
  for (;;) {
    const page = await call('timeline.before', { incident: incident.id, before, limit: 7 });
    paged.unshift(...linesIn(page).map(({ key }) => key));
    if (!page.before) break;
    ({ before } = page);
  }
  expect(new Set(paged).size).toBe(paged.length);
  expect(paged).toEqual(expect.arrayContaining(events.map(({ key }) => key)));
});

it('asks for the vault with the first secret and not before', async () => {
  const { call } = await start();
  const given = {
    kind: 'prometheus' as const,
    name: 'P',
    url: 'http://127.0.0.1:9',
    auth: { kind: 'none' as const },
  };
  await call('connections.add', given);
  expect((await call('host.status', {})).vault).toBe('new');
  const secret = { ...given, name: 'Q', auth: { kind: 'bearer' as const, token: 'hush' } };
  await expect(call('connections.add', secret)).rejects.toMatchObject({ code: 'locked' });
  expect(await call('connections.list', {})).toHaveLength(1);
  await call('vault.unlock', { passphrase: 'correct horse battery' });
  await call('connections.add', secret);
  expect((await call('host.status', {})).ledgers.real.state).toBe('holds');
});

it.each(['incidents.room', 'report.read'] as const)(
  '%s names an incident that is not there',
  async (name) => {
    const { call } = await start();
    await expect(call(name, { incident: 'inc-none' as never })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('inc-none'),
    });
  },
);
