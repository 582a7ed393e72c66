import { beforeEach, expect, it, vi } from 'vitest';
import type { News } from '../../../electron/desktop/notify.ts';
import { presence } from '../../../electron/desktop/presence.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import type { Escalation } from '../../../shared/vocabulary/escalation.ts';
import { EscalationId, IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Incident } from '../../../shared/vocabulary/incident.ts';
import type { HostStatus, StopState } from '../../../shared/vocabulary/status.ts';
import { circumstances, recorded, resetStandIn } from '../../fixtures/electron-stand-in.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

beforeEach(resetStandIn);

/** A host of which the test says what it is asked, what was there before, and what it tells. */
function standIn(earlier: Incident[] = []) {
  const asked: { name: string; input: unknown }[] = [];
  let listener: (event: HostEvent) => void = () => {};
  const host: Pick<Host, 'dispatch' | 'subscribe'> = {
    async dispatch(name, input) {
      asked.push({ name, input });
      if (name === 'incidents.list') return { ok: true, value: earlier };
      return { ok: false, code: 'cancelled', message: 'not now' };
    },
    subscribe(next) {
      listener = next;
      return () => {
        listener = () => {};
      };
    },
  };
  const tell = async (event: HostEvent) => {
    listener(event);
    // Events wait for what was there before, a few promises away.
    await new Promise(setImmediate);
  };
  const stop = (state: StopState) =>
    tell({ name: 'status.changed', status: { stop: state } as unknown as HostStatus });
  const stops = () => asked.filter(({ name }) => name === 'stop.engage');
  return { host, tell, stop, stops };
}

function shown(host: Pick<Host, 'dispatch' | 'subscribe'>, { platform = 'linux', watched = false } = {}) {
  const windows = {
    openAnother: vi.fn(),
    show: vi.fn(),
    goTo: vi.fn(),
    goToIncident: vi.fn(),
    haveFocus: () => watched,
  };
  const time = { ms: 1_000_000 };
  const now = () => time.ms;
  const trayIcon = '/app/tray.png';
  const shownNow = presence({
    host,
    windows,
    platform,
    trayIcon,
    devTools: false,
    now,
    logger: silentLogger,
  });
  return { ...shownNow, windows, time };
}

const incidentOf = (differences: Partial<Incident> = {}): Incident => ({
  id: IncidentId.parse('inc-1'),
  realm: 'real',
  title: 'Checkout fails',
  severity: 'sev2',
  status: 'open',
  commander: 'Mina',
  openedMs: 1_000,
  closedMs: null,
  fromMs: 0,
  services: [],
  drill: null,
  ...differences,
});
const escalationOf = (differences: Partial<Escalation> = {}): Escalation => ({
  id: EscalationId.parse('esc-1'),
  incident: IncidentId.parse('inc-1'),
  title: 'No way back from a migration',
  because: 'x',
  recommended: 'y',
  proposal: null,
  openedMs: 1_000,
  closed: null,
  ...differences,
});
const proposalEvent = (differences: Parameters<typeof proposalOf>[0] = {}): HostEvent => ({
  name: 'proposal.changed',
  proposal: proposalOf({ realm: 'real', ...differences }),
});
const stopped: StopState = { stopped: true, by: 'Mina', reason: 'smoke', atMs: 1 };

const tray = () => recorded.trays[0];
const trayEntry = () => tray()?.menu[0];
const menuEntry = () => recorded.menu?.at(-1)?.submenu?.[0];
const told = () => recorded.notifications.map(({ options: { title, body } }) => `${title}: ${body}`);

it('stops everything at one click in the tray and in the menu, and says from where', () => {
  const { host, stops } = standIn();
  shown(host);
  expect(trayEntry()?.label).toBe('Stop everything');
  trayEntry()?.click?.();
  menuEntry()?.click?.();
  expect(stops().map(({ input }) => input)).toEqual([
    { reason: 'Stopped from the tray', how: 'tray' },
    { reason: 'Stopped from the menu', how: 'menu' },
  ]);
});

it('shows that everything is stopped, and offers to stop again once it is lifted', async () => {
  const { host, stop } = standIn();
  shown(host);
  await stop(stopped);
  expect(trayEntry()).toEqual({ label: 'Everything is stopped', enabled: false });
  expect(menuEntry()?.enabled).toBe(false);
  expect(tray()?.toolTip).toBe('Countersign: stopped by Mina');
  await stop({ stopped: false });
  expect(trayEntry()?.label).toBe('Stop everything');
});

it('keeps copy and paste on macOS, and has the stop in the menu where there is no tray', () => {
  circumstances.hasTray = false;
  const { host, stops } = standIn();
  shown(host, { platform: 'darwin' });
  expect(recorded.trays).toEqual([]);
  expect(recorded.menu?.map(({ role, label }) => role ?? label)).toEqual([
    'appMenu',
    '&File',
    'editMenu',
    '&Go',
    '&View',
    'windowMenu',
    '&Stop',
  ]);
  menuEntry()?.click?.();
  expect(stops()).toHaveLength(1);
});

it('goes to places and opens windows from the menu, each with a key of its own, and none of them stops', () => {
  const { host } = standIn();
  const { windows } = shown(host);
  const items = recorded.menu?.flatMap(({ submenu = [] }) => submenu) ?? [];
  const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
  expect(keys).toHaveLength(5);
  expect(new Set(keys).size).toBe(keys.length);
  items.find(({ label }) => label === 'New window')?.click?.();
  items.find(({ label }) => label === 'Ledger')?.click?.();
  expect(windows.openAnother).toHaveBeenCalledOnce();
  expect(windows.goTo).toHaveBeenCalledWith('#/ledger');
  expect(menuEntry()?.accelerator).toBeUndefined();
});

it('brings the window to the front, and is gone with the shell', async () => {
  const { host, stop } = standIn();
  const { close, windows } = shown(host);
  tray()?.emit('click');
  tray()?.menu[1]?.click?.();
  expect(windows.show).toHaveBeenCalledTimes(2);
  close();
  await stop(stopped);
  expect(tray()?.destroyed).toBe(true);
  expect(trayEntry()?.label).toBe('Stop everything');
});

it('counts what is open and waits, and leads to an incident from the tray', async () => {
  const { host, tell } = standIn([incidentOf()]);
  const { windows } = shown(host);
  const opened = { id: EscalationId.parse('esc-2'), openedMs: new Date('2026-03-01T14:05:00').getTime() };
  await tell({ name: 'escalation.changed', escalation: escalationOf(opened) });
  await tell({
    name: 'escalation.changed',
    escalation: escalationOf({ openedMs: opened.openedMs + 60_000 }),
  });
  await tell(proposalEvent());
  expect(tray()?.toolTip).toMatch(
    /^Countersign\n1 incident open\n1 proposal waiting\n2 escalations waiting since \S+ 14:05$/,
  );
  expect(recorded.badge).toBe(3);
  const entry = tray()?.menu.at(-1);
  expect(entry?.label).toBe('sev2 Checkout fails');
  entry?.click?.();
  expect(windows.goToIncident).toHaveBeenCalledWith('inc-1');

  const closed = { atMs: 2, person: 'Mina', reason: 'taken' };
  await tell({ name: 'escalation.changed', escalation: escalationOf({ closed }) });
  await tell({ name: 'incident.changed', incident: incidentOf({ status: 'closed', closedMs: 3 }) });
  expect(tray()?.toolTip).toBe('Countersign');
  expect(recorded.badge).toBe(0);
});

const newsOf = (differences: Partial<News> = {}): News => ({
  title: 'New incident, sev2',
  body: 'Checkout fails',
  incident: IncidentId.parse('inc-1'),
  urgent: false,
  ...differences,
});
const stopNews = newsOf({ title: 'Stopped by Mina', body: 'smoke', incident: null, urgent: true });

it('shows what the host tells, and leads to the room when that is clicked', () => {
  const { windows, notify } = shown(standIn().host);
  notify(newsOf());
  notify(stopNews);
  expect(told()).toEqual(['New incident, sev2: Checkout fails', 'Stopped by Mina: smoke']);
  expect(recorded.notifications.map(({ options }) => options.urgency)).toEqual(['normal', 'critical']);
  recorded.notifications[0]?.emit('click');
  expect(windows.goToIncident).toHaveBeenCalledWith('inc-1');
  recorded.notifications[1]?.emit('click');
  expect(windows.show).toHaveBeenCalledOnce();
});

it('is silent while somebody looks, but for a stop', () => {
  const { notify } = shown(standIn().host, { watched: true });
  notify(newsOf());
  notify(stopNews);
  expect(told()).toEqual(['Stopped by Mina: smoke']);
});

it('turns a storm of news into four notifications, and still tells of a stop', () => {
  const { notify, time } = shown(standIn().host);
  for (let at = 0; at < 50; at++) notify(newsOf({ body: `Incident ${at}` }));
  expect(told()).toHaveLength(4);
  notify(stopNews);
  expect(told()).toHaveLength(5);
  time.ms += 10_000;
  notify(newsOf());
  expect(told()).toHaveLength(6);
});

it('shows a hostile title as text: no markup, no direction, no underlined letter, no more than a line', async () => {
  const { host, tell } = standIn();
  const { notify } = shown(host);
  const title = `<a href="https://evil.test">A&B</a>\u202e\n${'x'.repeat(250)}`;
  await tell({ name: 'incident.changed', incident: incidentOf({ title }) });
  notify(newsOf({ body: title }));
  const body = recorded.notifications[0]?.options.body ?? '';
  expect(body).not.toMatch(/[<>&\n\u202e]/);
  expect([...body].length).toBeLessThanOrEqual(160);
  expect(tray()?.menu.at(-1)?.label).toContain('A&&B');
  expect(tray()?.menu.at(-1)?.label).not.toMatch(/[\n\u202e]/);
});

it('goes on where the system shows no notifications', async () => {
  circumstances.hasNotifications = false;
  const { host, stop } = standIn();
  const { notify } = shown(host);
  notify(stopNews);
  await stop(stopped);
  expect(told()).toEqual([]);
  expect(trayEntry()?.enabled).toBe(false);
});
