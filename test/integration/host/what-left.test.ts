import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import { storedSent, storedSentText } from '../../../electron/host/stored-sent.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { messagesServer } from '../../fixtures/messages-server/messages-server.ts';

const KEY = 'sk-test-a-key-that-must-not-show';
const ADDRESS = 'jo.roe@shop.example';

it('lists every byte that a model was sent, masked, and restores for the human what comes back', async () => {
  const server = await messagesServer([
    { kind: 'turn', calls: [{ name: 'search_timeline', input: { text: '<EMAIL_1>', limit: 5 } }] },
    { kind: 'turn', text: 'It began with <EMAIL_1>, not with <EMAIL_7>.' },
  ]);
  const dataDir = newDataDir();
  const host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'correct horse battery',
  });
  const call = callerOf(host);
  try {
    const { settings } = await call('model.show', {});
    const chosen = { ...settings.chosen, baseUrl: server.url, model: 'scripted-model/1' };
    await call('model.setKey', { baseUrl: server.url, key: KEY });
    await call('model.consent', { baseUrl: server.url, model: chosen.model });
    await call('model.change', {
      settings: { ...settings, chosen, real: 'model' },
      withoutReplay: 'there is nothing to replay',
    });
    const title = `Pages fail for ${ADDRESS}, token=${KEY}`;
    const { id: incident } = await call('incidents.open', { title, severity: 'sev3' });
    const { analyst } = await eventually('the end of the run', async () => {
      const room = await call('incidents.room', { incident });
      return room.analyst.state === 'done' && room;
    });

    const bodies = server.received.map(({ body }) => body);
    const sent = await call('sent.list', { incident });
    const texts = await Promise.all(sent.map(({ id }) => call('sent.text', { incident, request: id })));
    expect(bodies).toHaveLength(2);
    expect(texts.map(({ text }) => text)).toEqual(bodies);
    expect(sent.map(({ digest, bytes }) => ({ digest, bytes }))).toEqual(
      bodies.map((body) => ({
        digest: createHash('sha256').update(body).digest('hex'),
        bytes: Buffer.byteLength(body),
      })),
    );
    expect(sent.every(({ masked }) => masked['EMAIL'] === 1 && masked['HELD'] === 1)).toBe(true);
    for (const body of bodies) {
      expect(body).not.toContain(ADDRESS);
      expect(body).not.toContain(KEY);
    }

    const steps = analyst.steps.map(({ step }) => step);
    expect(steps).toContainEqual({ kind: 'said', text: `It began with ${ADDRESS}, not with <EMAIL_7>.` });
    expect(steps.find(({ kind }) => kind === 'read')).toMatchObject({ arguments: { text: ADDRESS } });
    const entries = await call('ledger.entries', { realm: 'real', kind: 'sent', incident, limit: 10 });
    expect(entries.map(({ body }) => body['digest']).toReversed()).toEqual(sent.map(({ digest }) => digest));

    expect(storedSent(dataDir, incident)).toEqual(sent);
    expect(storedSentText(dataDir, incident, sent[1]?.id ?? '')).toBe(bodies[1]);
  } finally {
    await host.close();
    await server.close();
  }
});
