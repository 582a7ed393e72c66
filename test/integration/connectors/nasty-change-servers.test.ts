import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Delivered, rawText } from '../../../electron/connectors/delivered.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { expiredServer } from '../../fixtures/expired-server.ts';
import { handMovedPauses } from '../../fixtures/hand-moved-pauses.ts';
import { changeKinds, type HeldChange } from '../../fixtures/nasty-change-kinds.ts';
import { faults, nastyServer } from '../../fixtures/nasty-server.ts';
import { steppedDesk } from '../../fixtures/stepped-desk.ts';

const stops: (() => unknown)[] = [];
const authorities = getCACertificates('default');
afterAll(async () => {
  vi.restoreAllMocks();
  setDefaultCACertificates(authorities);
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Nothing here is about how fast this machine is. */
const LONG_MS = 120_000;
const NAMED_WITHIN_MS = 10_000;
const LONGEST_READ_MS = Math.max(...Object.values(changeKinds).map((one) => one.readTakesMs));
/** The longest pause of all, after many failures. */
const LONGEST_PAUSE_MS = 30_000;

/** A desk and pauses that are moved by hand, and how often each fact was delivered with what its system sent of it. */
function openDesk() {
  const observed: Delivered[] = [];
  const { desk, statusOf, attach } = steppedDesk((some) => observed.push(...some));
  stops.push(() => desk.close());
  const times = (id: string, fact: string) =>
    observed.filter(
      (one) => one.source === id && `${one.key} ${one.title}`.includes(fact) && rawText(one) !== null,
    ).length;
  return { desk, statusOf, attach, times };
}

describe.concurrent.each(Object.entries(changeKinds))(
  '%s',
  (kind, { connect, answer, readTakesMs, everyMs, loops }) => {
    it('is named within ten seconds, whatever is wrong with it, disturbs nothing else and catches up when it heals', async () => {
      expect(readTakesMs + everyMs).toBeLessThanOrEqual(NAMED_WITHIN_MS);
      const { statusOf, attach, times } = openDesk();
      const open = async (name: string, says: RegExp) => {
        const id = `${kind}: ${name}`;
        const held: HeldChange[] = [{ name: 'fact-one', atMs: Date.now() }];
        const server = await nastyServer((request, response) => answer(held)(request, response));
        stops.push(server.close);
        const { pause, pass, waiting } = handMovedPauses();
        await attach(connect({ url: server.url, id, pause }));
        await eventually(`${id} is up`, () => statusOf(id)?.state === 'up', LONG_MS);
        await eventually(`${id}: what was there`, () => times(id, 'fact-one') === 1, LONG_MS);
        await eventually(`${id}: nothing more to ask`, () => waiting() === loops, LONG_MS);
        return { id, says, held, server, pass };
      };
      const readEnds = vi.spyOn(AbortSignal, 'timeout');
      const well = await open('is well', /./);
      const bad = await Promise.all(
        faults.map(async (fault) => ({ ...(await open(fault.name, fault.says)), fault })),
      );
      for (const { server, held, fault } of bad) {
        server.be(fault);
        held.push({ name: 'fact-two', atMs: Date.now() });
      }
      for (const { pass } of [well, ...bad]) pass(everyMs);
      for (const { id, says } of bad) {
        await eventually(`${id} is named`, () => says.test(statusOf(id)?.sentence ?? ''), LONG_MS).catch(() =>
          expect(statusOf(id)?.sentence).toMatch(says),
        );
        expect(statusOf(id)).toMatchObject({ state: 'down' });
        expect(times(id, 'fact-two')).toBe(0);
      }
      // Those of the other kinds are among them: no read of any takes longer than the longest of all.
      const limits = readEnds.mock.calls.flat();
      expect(limits).toContain(readTakesMs);
      expect(Math.max(...limits)).toBeLessThanOrEqual(LONGEST_READ_MS);
      expect(statusOf(well.id)).toMatchObject({ state: 'up' });
      for (const { server } of bad) server.be(null);
      await eventually(
        `each ${kind} is up again, with what came meanwhile`,
        () => {
          for (const { pass } of [well, ...bad]) pass(LONGEST_PAUSE_MS);
          return bad.every(({ id }) => statusOf(id)?.state === 'up' && times(id, 'fact-two') === 1);
        },
        LONG_MS,
      );
      for (const { id } of [well, ...bad]) expect(times(id, 'fact-one')).toBe(1);
      expect(statusOf(well.id)).toMatchObject({ state: 'up' });
    }, 500_000);

    it(
      'is named where its host does not resolve',
      async () => {
        const { statusOf, attach } = openDesk();
        await attach(connect({ url: 'https://no-such-host.invalid', id: kind }));
        expect(statusOf(kind)).toMatchObject({
          state: 'down',
          sentence: expect.stringContaining('its name does not resolve'),
        });
      },
      LONG_MS,
    );

    it(
      'says so where it tells of something in the future, and tells of it all the same',
      async () => {
        const { statusOf, attach, times } = openDesk();
        const held = [
          { name: 'fact-now', atMs: Date.now() },
          { name: 'fact-ahead', atMs: Date.now() + 7_200_000 },
        ];
        const server = await nastyServer((request, response) => answer(held)(request, response));
        stops.push(server.close);
        await attach(connect({ url: server.url, id: kind }));
        await eventually(
          'the future is named',
          () => /in the future/.test(statusOf(kind)?.sentence ?? ''),
          LONG_MS,
        );
        expect(statusOf(kind)).toMatchObject({ state: 'up' });
        expect([times(kind, 'fact-now'), times(kind, 'fact-ahead')]).toEqual([1, 1]);
      },
      LONG_MS,
    );

    it(
      'is named where its certificate has expired',
      async () => {
        const { url, close, cert } = await expiredServer();
        stops.push(close);
        // It is vouched for, so that nothing but its age is wrong with it.
        setDefaultCACertificates([...getCACertificates('default'), cert]);
        const { statusOf, attach } = openDesk();
        await attach(connect({ url, id: kind, ca: cert }));
        expect(statusOf(kind)).toMatchObject({
          state: 'down',
          sentence: expect.stringContaining('shows a certificate that has expired'),
        });
      },
      LONG_MS,
    );
  },
);
