import { afterAll, describe, expect, it } from 'vitest';
import { authorizationOf } from '../../../electron/platform/http.ts';
import type { Tls } from '../../../electron/platform/http-exchange.ts';
import { tlsOf } from '../../../electron/platform/own-certificate.ts';
import type { ConnectionAuth } from '../../../shared/vocabulary/connection.ts';
import { type Certified, privateAuthority } from '../../fixtures/certificates.ts';
import { connectQuiet, type QuietKind, quietKinds } from '../../fixtures/connect-quiet.ts';
import { quietAnswers } from '../../fixtures/metric-answers.ts';
import { steppedDesk } from '../../fixtures/stepped-desk.ts';
import { tlsServer } from '../../fixtures/tls-server.ts';

const stops: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const company = privateAuthority();
const stranger = privateAuthority('Somebody else');
const shown = ({ cert, key }: Certified) => ({ certificate: cert, key });
const mine = tlsOf('m', { authority: company.ca, client: shown(company.client()) });
const calm = () => new AbortController().signal;

async function serve(kind: QuietKind, certified: Certified, wantsCertificate: boolean) {
  const server = await tlsServer(
    certified,
    quietAnswers[kind],
    wantsCertificate ? { ca: company.ca, requestCert: true, rejectUnauthorized: true } : {},
  );
  stops.push(server.close);
  return server;
}

const auths: ConnectionAuth[] = [
  { kind: 'none' },
  { kind: 'bearer', token: 'tok-of-a-reader' },
  { kind: 'basic', username: 'mina', password: 'p:ss wörd' },
];

describe.concurrent.each(quietKinds)('%s', (kind) => {
  it('signs in with each credential, a client certificate and a tenant', async () => {
    const { clock } = steppedDesk();
    const server = await serve(kind, company.server(), true);
    for (const auth of auths) {
      const authorization = authorizationOf(auth);
      const at = { id: 's', name: 's', url: server.url, authorization, tenant: 'team-a|team-b', tls: mine };
      expect(await connectQuiet(kind, at, clock).test(calm())).toMatchObject({ ok: true });
      expect(server.received.at(-1)).toMatchObject({
        from: 'countersign',
        headers: { 'x-scope-orgid': 'team-a|team-b', 'thanos-tenant': 'team-a|team-b' },
      });
      expect(server.received.at(-1)?.headers.authorization).toBe(authorization ?? undefined);
    }
  });

  it.each<[string, Certified, Tls | undefined, RegExp]>([
    [
      'an authority that this machine does not know',
      company.server(),
      undefined,
      /no authority known to this machine.*give its authority/,
    ],
    [
      'a certificate of another authority',
      stranger.server(),
      { ca: company.ca },
      /the authority given with the connection does not vouch for/,
    ],
    [
      'a certificate that has expired',
      company.expired('server'),
      { ca: company.ca },
      /has expired. Have it renewed/,
    ],
    [
      'a certificate of another name',
      company.server([{ dns: 'other.example' }]),
      { ca: company.ca },
      /another name. Enter the address under/,
    ],
  ])('names %s on its status, and reads on once it is mended', async (_what, bad, tls, says) => {
    const { desk, clock, attach, advance, statusOf } = steppedDesk();
    stops.push(desk.close);
    const server = await serve(kind, company.server(), false);
    const url = server.url;
    const at = { id: 's', name: 's', url, authorization: null };
    await attach(connectQuiet(kind, { ...at, tls: tls ?? { ca: company.ca } }, clock));
    expect(statusOf('s')).toMatchObject({ state: 'up' });
    server.show(bad);
    if (tls === undefined) await attach(connectQuiet(kind, at, clock));
    await advance(4_000);
    expect(statusOf('s')).toMatchObject({ state: 'down', sentence: expect.stringMatching(says) });
    if (tls === undefined) return;
    server.show(company.server());
    // Asked again once the pause after failures is over, which is of the machine's clock: the first failure brings none.
    await advance(4_000);
    expect(statusOf('s')).toMatchObject({ state: 'up' });
  });

  it.each<[string, Certified | null, RegExp]>([
    ['none', null, /asks for a client certificate. Add one/],
    ['one of another authority', stranger.client(), /may not accept the client certificate/],
    [
      'one that has expired',
      company.expired('client'),
      /The client certificate for .* has expired on \d{4}-\d\d-\d\d/,
    ],
  ])('says so where it wants a client certificate and is shown %s', async (_what, client, says) => {
    const { desk, clock, attach, statusOf } = steppedDesk();
    stops.push(desk.close);
    const server = await serve(kind, company.server(), true);
    const tls = tlsOf('s', { authority: company.ca, ...(client ? { client: shown(client) } : {}) });
    const at = { id: 's', name: 's', url: server.url, authorization: null, tls };
    await attach(connectQuiet(kind, at, clock));
    expect(statusOf('s')).toMatchObject({ state: 'down', sentence: expect.stringMatching(says) });
    expect(server.received).toEqual([]);
  });
});
