import { expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { linesIn } from '../../../renderer/state/event-line.ts';
import { frontOf } from '../../../shared/formats/event-json.ts';
import { seedRoom } from '../../bench/room/seeded-room.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

it('gives a room of very many events without waiting for the comparison, and keeps that once it was made', async () => {
  const dataDir = newDataDir();
  const incident = seedRoom(dataDir, 3_000, Date.now());
  const host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  const call = callerOf(host);
  const memory = async () => (await call('incidents.room', { incident })).memory;
  try {
    const room = await call('incidents.room', { incident });
    expect([room.events.length, room.earlier, room.memory]).toEqual([1_000, 2_000, null]);

    const [oldest] = room.events;
    if (!oldest) throw new Error('a room that was seeded has events');
    const before = { atMs: oldest.atMs, key: oldest.key };
    const page = await call('timeline.before', { incident, before, limit: 1_500 });
    const rest = await call('timeline.before', { incident, before: page.before ?? before, limit: 1_500 });
    expect(rest.before).toBeNull();
    // What a list needs of a line stands at its front: otherwise the screen would read all of it at once.
    for (const line of page.jsonLines.split('\n')) expect(frontOf(line)).not.toBeNull();
    const all = [...linesIn(rest), ...linesIn(page), ...room.events];
    expect(all.map(({ key }) => key)).toEqual(Array.from({ length: 3_000 }, (_, nth) => `bench:${nth}`));

    const answered: string[] = [];
    const [compared] = await Promise.all([
      call('memory.about', { incident }).finally(() => answered.push('comparison')),
      call('host.status', {}).finally(() => answered.push('status')),
    ]);
    // Whoever asks meanwhile does not wait for it.
    expect(answered).toEqual(['status', 'comparison']);
    expect(compared).toMatchObject({ remembered: 0, record: null });
    expect(await memory()).toEqual(compared);
    await call('timeline.addNote', { incident, text: 'Something more to compare.' });
    expect(await memory()).toBeNull();
  } finally {
    await host.close();
  }
});
