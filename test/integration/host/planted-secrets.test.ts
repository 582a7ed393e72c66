import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { hostIn } from '../../fixtures/host-in.ts';
import { FORMATS } from '../../fixtures/planted-secrets/formats.ts';

const token = 'a-token-of-many-characters';
const SECRET = 'hunter2-geheim';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Every file below a folder, as one text. */
const allIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join('\n');

it('no screen, stream, payload, report, bundle or data file holds a secret out of a file that was posted', async () => {
  const { host, call, dataDir, close } = await hostIn();
  closing.push(close);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/events`;
  await call('connections.add', {
    kind: 'receiver',
    name: 'Pipelines',
    url,
    auth: { kind: 'bearer', token },
  });
  await eventually('the receiver', async () =>
    (await call('host.status', {})).sources.some(({ kind, state }) => kind === 'receiver' && state === 'up'),
  );
  const stream: HostEvent[] = [];
  host.subscribe((event) => stream.push(event));
  const { id: incident } = await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  const posted = Object.entries(FORMATS).map(([name, format], nth) => {
    const file = format({ secret: SECRET, name: 'db_password', around: [['x_id', '40']] });
    return {
      specversion: '1.0',
      id: `run-${nth}`,
      source: '/ci',
      type: 'dev.countersign.change.v1',
      data: {
        change: 'config',
        service: 'checkout',
        title: `Harmless ${name}: ${file}`,
        detail: file,
        field: name,
        before: null,
        after: file,
      },
    };
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(posted) });
  expect(reply.status).toBe(202);
  const room = await eventually('what was posted', async () => {
    const one = await call('incidents.room', { incident });
    return one.events.filter(({ kind }) => kind === 'change').length === posted.length && one;
  });
  expect(JSON.stringify(room)).toContain('Harmless');
  const report = await call('report.read', { incident });
  const { directory } = await call('ledger.export', { realm: 'real', incident, withoutPersonal: false });
  for (const [what, text] of Object.entries({
    room: JSON.stringify(room),
    stream: JSON.stringify(stream),
    report: JSON.stringify(report),
    bundle: allIn(directory),
    files: allIn(dataDir),
  })) {
    expect(text.length, what).toBeGreaterThan(100);
    const at = text.indexOf(SECRET);
    expect(at < 0 ? '' : text.slice(Math.max(0, at - 200), at + 40), what).toBe('');
  }
});
