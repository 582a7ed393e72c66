import { beforeEach, expect, it, vi } from 'vitest';
import type { Listener } from '../../../../renderer/bridge/transport.ts';
import { say, useAnnouncements, wordsFor } from '../../../../renderer/state/announcements.ts';
import { call, settleUnlock, useUnlock } from '../../../../renderer/state/call.ts';
import { connect, follower } from '../../../../renderer/state/connect.ts';
import { useHost } from '../../../../renderer/state/host.ts';
import { drillTime } from '../../../../renderer/state/now.ts';
import { readEverything } from '../../../../renderer/state/read-everything.ts';
import { enterRoom, useRoomState } from '../../../../renderer/state/room.ts';
import type { Reply } from '../../../../shared/bridge/contract.ts';
import { type FakeHost, fakeHost } from '../../../fixtures/fake-host/fake-host.ts';
import { proposalFixture } from '../../../fixtures/fake-host/proposal-fixture.ts';

/** The screen's stores on a host in the same process, whose events can be lost and whose replies delayed on the way. */
function screenOn(host: FakeHost, delivered: (reply: Reply) => Promise<Reply> = async (reply) => reply) {
  let listener: Listener | null = null;
  let seq = 0;
  let losing = 0;
  connect({
    send: (name, input) => delivered(host.call(name, input)),
    listen(one) {
      listener = one;
      const stop = host.listen((event) => {
        seq += 1;
        if (losing > 0) losing -= 1;
        else one.onEvent({ seq, event });
      });
      one.onState('live');
      return stop;
    },
  });
  return {
    lose: (count: number) => {
      losing = count;
    },
    link: (state: 'lost' | 'live') => listener?.onState(state),
  };
}

const asks = (host: FakeHost, name: string) => host.asked.filter((one) => one.name === name).length;
const shownRoom = () => {
  const { state } = useRoomState.getState();
  return state.phase === 'ready' ? state.room : null;
};

beforeEach(() => {
  useHost.setState({
    link: 'connecting',
    lostMs: null,
    readMs: 0,
    status: null,
    incidents: null,
    problem: null,
    currentIncident: null,
  });
  useRoomState.setState({ state: { phase: 'none' } });
  useAnnouncements.setState({ all: [] });
  useUnlock.setState({ waiting: [] });
});

it('reads status and incidents once the link is live', async () => {
  const host = fakeHost();
  screenOn(host);
  await vi.waitFor(() => expect(useHost.getState().incidents).toEqual([]));
  expect(useHost.getState().status?.person).toBe('Mina');
});

it('follows a proposal of the open room by events alone', async () => {
  const host = fakeHost();
  screenOn(host);
  await vi.waitFor(() => expect(useHost.getState().incidents).not.toBeNull());
  await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  await enterRoom('inc-1');
  const reads = asks(host, 'incidents.room');
  host.put({ ...proposalFixture(), incident: host.room('inc-1').incident.id });
  expect(shownRoom()?.proposals).toHaveLength(1);
  expect(asks(host, 'incidents.room')).toBe(reads);
});

it('keeps what was told while an answer with an older state was on its way', async () => {
  const host = fakeHost();
  const onTheirWay: (() => void)[] = [];
  screenOn(host, (reply) => new Promise((resolve) => onTheirWay.push(() => resolve(reply))));
  const arrives = () => onTheirWay.shift()?.();
  await vi.waitFor(() => expect(asks(host, 'host.status')).toBe(1));
  arrives();
  await vi.waitFor(() => expect(asks(host, 'incidents.list')).toBe(1));
  const { id } = host.openIncident('Checkout fails');
  host.setStatus({ person: 'Ada' });
  arrives();
  await vi.waitFor(() => expect(useHost.getState().incidents).toMatchObject([{ id }]));
  expect(useHost.getState().status?.person).toBe('Ada');
});

it('reads everything again after a gap', async () => {
  const host = fakeHost();
  const screen = screenOn(host);
  await vi.waitFor(() => expect(useHost.getState().incidents).not.toBeNull());
  await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  await enterRoom('inc-1');
  screen.lose(1);
  await call('timeline.addNote', { incident: host.room('inc-1').incident.id, text: 'missed on the way' });
  expect(shownRoom()?.events).toHaveLength(0);
  host.setStatus({ notices: [] });
  await vi.waitFor(() => expect(shownRoom()?.events).toHaveLength(1));
});

it('reads everything again when the link comes back', async () => {
  const host = fakeHost();
  const screen = screenOn(host);
  await vi.waitFor(() => expect(asks(host, 'incidents.list')).toBe(1));
  screen.link('lost');
  expect(useHost.getState().link).toBe('lost');
  screen.link('live');
  await vi.waitFor(() => expect(asks(host, 'incidents.list')).toBe(2));
});

it('keeps what was read when it cannot be read again, says why of each part, and catches up', async () => {
  let failing = false;
  const failed: Reply = { ok: false, code: 'storage', message: 'The data file could not be read.' };
  const host = fakeHost();
  const screen = screenOn(host, async (reply) => (failing ? failed : reply));
  await vi.waitFor(() => expect(useHost.getState().incidents).not.toBeNull());
  await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  await enterRoom('inc-1');
  failing = true;
  screen.link('lost');
  expect(useHost.getState().lostMs).not.toBeNull();
  screen.link('live');
  await vi.waitFor(() => expect(useHost.getState().problem).toContain('could not be read'));
  await vi.waitFor(() =>
    expect(useRoomState.getState().state).toMatchObject({
      phase: 'ready',
      problems: { room: expect.stringContaining('could not be read') },
    }),
  );
  expect(useHost.getState()).toMatchObject({ lostMs: null, incidents: [{ id: 'inc-1' }] });
  failing = false;
  host.call('timeline.addNote', { incident: 'inc-1', text: 'it went on' });
  await readEverything();
  expect(useHost.getState().problem).toBeNull();
  expect(useRoomState.getState().state).toMatchObject({ problems: { room: null } });
  expect(shownRoom()?.events).toHaveLength(1);
});

it('takes what happens while a room is being read on top of what was read', async () => {
  const host = fakeHost();
  screenOn(host);
  await vi.waitFor(() => expect(useHost.getState().incidents).not.toBeNull());
  await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  const entering = enterRoom('inc-1');
  host.put({ ...proposalFixture(), incident: host.room('inc-1').incident.id });
  await entering;
  expect(shownRoom()?.proposals).toHaveLength(1);
});

it('says why a room could not be read', async () => {
  screenOn(fakeHost());
  await enterRoom('inc-none');
  expect(useRoomState.getState().state).toMatchObject({
    phase: 'failed',
    message: expect.stringContaining('not_found'),
  });
});

it('asks for the passphrase on a locked vault and then puts the question once more', async () => {
  const host = fakeHost({ vault: 'locked' });
  screenOn(host);
  const approving = call('proposals.approve', {
    proposal: proposalFixture().id,
    shownDigest: 'a'.repeat(64),
  });
  await vi.waitFor(() => expect(useUnlock.getState().waiting).toHaveLength(1));
  await call('vault.unlock', { passphrase: 'correct horse' });
  settleUnlock(true);
  await expect(approving).rejects.toMatchObject({ code: 'not_found' });
  expect(asks(host, 'proposals.approve')).toBe(2);
});

it('gives up what was asked when the passphrase is not given', async () => {
  const host = fakeHost({ vault: 'locked' });
  screenOn(host);
  const approving = call('proposals.approve', {
    proposal: proposalFixture().id,
    shownDigest: 'a'.repeat(64),
  });
  await vi.waitFor(() => expect(useUnlock.getState().waiting).toHaveLength(1));
  settleUnlock(false);
  await expect(approving).rejects.toMatchObject({ code: 'locked' });
  expect(asks(host, 'proposals.approve')).toBe(1);
});

it('tells a gap from the next event, and lets a connection begin anywhere', () => {
  const status = fakeHost().call('host.status', {});
  const streamed = (seq: number) => ({ seq, event: { name: 'status.changed', status } }) as never;
  const follows = follower();
  expect([7, 8, 10, 11].map((seq) => follows(streamed(seq)))).toEqual([true, true, false, true]);
});

it('interrupts for stops and failures only', () => {
  const proposal = proposalFixture();
  const before = { status: null, proposals: [proposal] };
  const voided = wordsFor(
    {
      name: 'proposal.changed',
      proposal: { ...proposal, progress: { state: 'voided', atMs: 1, because: 'the stop' } },
    },
    before,
  );
  expect(voided.map(({ how }) => how)).toEqual(['polite']);
  expect(wordsFor({ name: 'proposal.changed', proposal }, before)).toEqual([]);

  const reply = fakeHost().call('host.status', {});
  if (!reply.ok) throw new Error('the fake host has a status');
  const status = reply.value as NonNullable<ReturnType<typeof useHost.getState>['status']>;
  const stop = { stopped: true as const, by: 'Mina', reason: 'too fast', atMs: 1 };
  const said = wordsFor({ name: 'status.changed', status: { ...status, stop } }, { status, proposals: [] });
  expect(said).toMatchObject([{ how: 'assertive', text: 'Mina stopped everything: too fast' }]);
});

it('takes the word that a source is down off the screen when it is up again, and leaves those of others', () => {
  const reply = fakeHost().call('host.status', {});
  if (!reply.ok) throw new Error('the fake host has a status');
  const status = reply.value as NonNullable<ReturnType<typeof useHost.getState>['status']>;
  const as = (...states: ('up' | 'down')[]) => ({
    ...status,
    sources: states.map((state, index) => ({
      id: `source-${index}`,
      name: `Metrics ${index}`,
      state,
    })) as never,
  });
  const shown = () =>
    useAnnouncements
      .getState()
      .all.filter((one) => one.shown === 'always')
      .map(({ text }) => text.split(' is ')[1]?.slice(0, 4));
  const becomes = (was: ReturnType<typeof as>, is: ReturnType<typeof as>) =>
    wordsFor({ name: 'status.changed', status: is }, { status: was, proposals: [] }).forEach(say);

  useAnnouncements.setState({ all: [] });
  becomes(as('up', 'up'), as('down', 'down'));
  expect(shown()).toEqual(['down', 'down']);
  becomes(as('down', 'down'), as('up', 'down'));
  expect(shown()).toEqual(['down', 'up a']);
  expect(useAnnouncements.getState().all).toHaveLength(3);
});

it('tells the time of a drill that runs faster', () => {
  const at = { offsetMs: -1_000, receivedMs: 10_000, speed: 10 };
  expect(drillTime({ ...at, machineMs: 10_000 })).toBe(9_000);
  expect(drillTime({ ...at, machineMs: 12_000 })).toBe(29_000);
});

it('tells the time of a paused drill as it was when it was paused, also while the ticker is behind', () => {
  const at = { offsetMs: -1_000, receivedMs: 10_000, speed: 0 };
  for (const machineMs of [9_200, 10_000, 70_000]) expect(drillTime({ ...at, machineMs })).toBe(9_000);
});
