import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page } from '@playwright/test';
import playwrightConfig from '../../playwright.config.ts';
import { expect, test } from './fixtures.ts';

const signedInTo = (page: Page) => page.evaluate(() => sessionStorage.length > 0 && location.hash);

/** A call as the page itself sends it, with whatever sessionStorage holds: its status. */
const callFrom = (page: Page) =>
  page.evaluate(async () => {
    const reply = await fetch('/call', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-countersign-tab': Object.values(sessionStorage)[0] ?? '',
      },
      body: JSON.stringify({ name: 'host.status', input: {} }),
    });
    return { status: reply.status, body: (await reply.json()) as { ok: boolean } };
  });

const statusOf = async ({ method, path }: { method: string; path: string }) =>
  (await fetch(path, { method, headers: { 'content-type': 'application/json' } })).status;

const originOf = (url: string) => new URL(url).origin;

/** A page of somebody else on another port of this machine. */
async function strangersPage(): Promise<{ url: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Stranger</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('signs a browser in by the link, breaking no policy, and the token leaves the address', async ({
  app,
  page,
}) => {
  const violations: string[] = [];
  await page.exposeFunction('violated', (what: string) => violations.push(what));
  await page.addInitScript(() =>
    document.addEventListener(
      'securitypolicyviolation',
      ({ violatedDirective, blockedURI, sourceFile, lineNumber, columnNumber }) => {
        void (globalThis as unknown as { violated(what: string): void }).violated(
          `${violatedDirective} ${blockedURI} at ${sourceFile}:${lineNumber}:${columnNumber}`,
        );
      },
    ),
  );
  await page.goto(app.url);
  await expect.poll(() => signedInTo(page)).not.toContain('token');
  await expect.poll(async () => (await callFrom(page)).body.ok).toBe(true);
  expect(violations).toEqual([]);
});

test('stays signed in over a reload', async ({ app, page }) => {
  await page.goto(app.url);
  await expect.poll(() => signedInTo(page)).toBeTruthy();
  await page.reload();
  expect((await callFrom(page)).status).toBe(200);
});

test('lets nobody in by a link that was used', async ({ app, page, browser }) => {
  await page.goto(app.url);
  await expect.poll(() => signedInTo(page)).toBeTruthy();
  const other = await browser.newContext();
  const second = await other.newPage();
  const refused = second.waitForResponse((response) => response.url().endsWith('/session'));
  await second.goto(app.url);
  expect((await refused).status()).toBe(401);
  expect(await second.evaluate(() => sessionStorage.length)).toBe(0);
  expect((await callFrom(second)).status).toBe(401);
  await other.close();
});

test('opens its events for its own page', async ({ app, page }) => {
  await page.goto(app.url);
  await expect.poll(() => signedInTo(page)).toBeTruthy();
  const code = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/events`);
        socket.onopen = () => socket.send(JSON.stringify({ token: 'of nobody' }));
        socket.onclose = (event) => resolve(event.code);
      }),
  );
  expect(code).toBe(4401);
});

test('gives a page of another port neither files nor calls nor events nor a frame', async ({
  app,
  browser,
}) => {
  const stranger = await strangersPage();
  const context = await browser.newContext();
  const page = await context.newPage();
  const statuses = new Map<string, number>();
  page.on('response', (response) => {
    if (response.url().startsWith(originOf(app.url))) {
      statuses.set(`${response.request().method()} ${new URL(response.url()).pathname}`, response.status());
    }
  });
  await page.goto(stranger.url);
  const came = await page.evaluate(
    async ({ target, token }) => {
      const outcome = (sent: Promise<Response>) =>
        sent.then(
          ({ type }) => type,
          () => 'failed',
        );
      const json = { method: 'POST', body: JSON.stringify({ token }) };
      const frame = document.createElement('iframe');
      frame.src = `${target}/`;
      const framed = new Promise((resolve) => {
        frame.onload = resolve;
      });
      document.body.append(frame);
      await framed;
      return {
        read: await outcome(fetch(`${target}/`)),
        sessionAsJson: await outcome(
          fetch(`${target}/session`, { ...json, headers: { 'content-type': 'application/json' } }),
        ),
        sessionAsText: await outcome(fetch(`${target}/session`, { ...json, mode: 'no-cors' })),
        script: await new Promise((resolve) => {
          const script = document.createElement('script');
          script.onload = () => resolve('ran');
          script.onerror = () => resolve('failed');
          script.src = `${target}/`;
          document.body.append(script);
        }),
        events: await new Promise((resolve) => {
          const socket = new WebSocket(`${target.replace('http', 'ws')}/events`);
          socket.onopen = () => resolve('opened');
          socket.onerror = () => resolve('failed');
        }),
      };
    },
    { target: originOf(app.url), token: new URL(app.url).hash.slice('#token='.length) },
  );
  // The answer to a no-cors request would be opaque; it does not even become that (Cross-Origin-Resource-Policy).
  expect(came).toEqual({
    read: 'failed',
    sessionAsJson: 'failed',
    sessionAsText: expect.stringMatching(/failed|opaque/),
    script: 'failed',
    events: 'failed',
  });
  expect(statuses.get('GET /')).toBe(403);
  expect([...statuses.values()].filter((status) => status < 400)).toEqual([]);
  const frame = page.frames()[1];
  expect((await frame?.content()) ?? '').not.toContain('id="root"');

  // The token survived all that, so nothing of it came through.
  const own = await browser.newPage();
  await own.goto(app.url);
  await expect.poll(() => signedInTo(own)).toBeTruthy();
  await own.close();
  await context.close();
  stranger.close();
});

test('is not reached under a name that was bound to 127.0.0.1', async ({ app }) => {
  const { launchOptions } = playwrightConfig.use ?? {};
  // Without the browser's own check of private addresses, so that what is tested is the server's.
  const rebound = await chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions?.args ?? []),
      '--host-resolver-rules=MAP evil.test 127.0.0.1',
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
  try {
    const page = await rebound.newPage();
    const evil = new URL(app.url);
    evil.hostname = 'evil.test';
    const response = await page.goto(evil.href);
    expect(response?.status()).toBe(421);

    // As when the name still led to the attacker's server while the page was loaded, and was bound anew after that.
    await page.route(`${evil.origin}/`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Stranger</title>' }),
    );
    await page.goto(`${evil.origin}/`);
    for (const [method, path] of [
      ['GET', '/index.html'],
      ['POST', '/session'],
      ['POST', '/call'],
    ] as const) {
      expect(await page.evaluate(statusOf, { method, path })).toBe(421);
    }
    const events = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/events`);
          socket.onopen = () => resolve('opened');
          socket.onerror = () => resolve('failed');
        }),
    );
    expect(events).toBe('failed');
  } finally {
    await rebound.close();
  }
});

test('is not opened by a link on a page of another origin', async ({ app, browser }) => {
  const stranger = await strangersPage();
  const page = await browser.newPage();
  await page.goto(stranger.url);
  const arrived = page.waitForResponse((response) => response.url().startsWith(originOf(app.url)));
  await page.evaluate((url) => {
    location.href = url;
  }, app.url);
  expect((await arrived).status()).toBe(403);
  await page.close();
  stranger.close();
});
