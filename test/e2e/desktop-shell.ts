import Module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import * as electron from '../fixtures/electron-stand-in.ts';

/**
 * The built main and preload scripts of the desktop shell, run in this process on the stand-in for Electron, with the
 * screen in a real Chromium page: what the `app:` scheme would answer is routed to the page, and what the preload script
 * exposes is put on its window. Everything crosses as a structured clone, as between Electron's processes.
 */
export type DesktopShell = {
  /** What the built preload script asked to be loaded. */
  preloadLoaded: string[];
  show(page: Page): Promise<void>;
  /** As the person quits: gives the exit code once everything is closed. */
  quit(): Promise<number>;
  /** Takes the traces of this start out of the process. */
  release(): void;
};

export type PreloadApi = {
  call(name: string, input: unknown): Promise<unknown>;
  subscribe(listener: (streamed: unknown) => void): () => void;
};

const built = (name: string) => fileURLToPath(new URL(`../../dist/electron/${name}`, import.meta.url));
const require = createRequire(import.meta.url);
type Loader = { _load(request: string, parent: { filename?: string } | undefined, isMain: boolean): unknown };

export async function startDesktopShell(
  dataDir: string,
  given: Partial<typeof electron.circumstances> = {},
): Promise<DesktopShell> {
  electron.resetStandIn();
  Object.assign(electron.circumstances, given);
  const main = loadWithStandIn('main.cjs', dataDir);
  await until(() => electron.recorded.windows.length > 0 || electron.recorded.exitCodes.length > 0);
  const preload = loadWithStandIn('preload.cjs', dataDir);
  const release = () => {
    preload.restore();
    main.restore();
  };
  return {
    preloadLoaded: preload.loaded,
    show,
    release,
    async quit() {
      electron.app.quit();
      await until(() => electron.recorded.exitCodes.length > 0);
      release();
      return electron.recorded.exitCodes[0] ?? -1;
    },
  };
}

/** The page's own address is one that exists nowhere: a scheme of our own is Electron's to define. */
export const SCREEN = 'https://countersign.invalid/';

async function show(page: Page): Promise<void> {
  const serve = electron.recorded.protocols.get('app');
  const api = electron.recorded.exposed.get('countersign') as PreloadApi | undefined;
  if (!serve || !api)
    throw new Error(`the desktop shell did not start: ${electron.recorded.errorBoxes.join()}`);
  await page.route('**/*', async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    if (`${origin}/` !== SCREEN) return route.abort();
    const reply = await serve(new Request(`app://countersign${pathname}`));
    await route.fulfill({
      status: reply.status,
      headers: Object.fromEntries(reply.headers),
      body: Buffer.from(await reply.arrayBuffer()),
    });
  });
  await page.exposeFunction('preloadCall', api.call);
  await page.exposeFunction('preloadListen', () => {
    api.subscribe((streamed) => {
      page
        .evaluate(
          (told) => (globalThis as unknown as { preloadTold(told: unknown): void }).preloadTold(told),
          streamed,
        )
        .catch(() => {}); // The page is gone; a window would have stopped listening.
    });
  });
  await page.addInitScript(() => {
    const world = globalThis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const listeners = new Set<(streamed: unknown) => void>();
    Object.assign(globalThis, {
      preloadTold: (streamed: unknown) => {
        for (const listener of listeners) listener(streamed);
      },
      countersign: {
        call: (name: string, input: unknown) => world['preloadCall']?.(name, input),
        subscribe(listener: (streamed: unknown) => void) {
          listeners.add(listener);
          void world['preloadListen']?.();
          return () => listeners.delete(listener);
        },
      },
    });
  });
  await page.goto(SCREEN);
}

/** Loads a built script as Electron would; `loaded` names what it asked for, `restore` takes its traces away. */
function loadWithStandIn(name: string, dataDir: string) {
  const loader = Module as unknown as Loader;
  const original = loader._load;
  const before = { dataDir: process.env['COUNTERSIGN_DATA_DIR'], listeners: listenersNow() };
  const loaded: string[] = [];
  process.env['COUNTERSIGN_DATA_DIR'] = dataDir;
  loader._load = (request, parent, isMain) => {
    if (parent?.filename === built(name)) loaded.push(request);
    return request === 'electron' ? electron : original(request, parent, isMain);
  };
  require(built(name));
  const restore = () => {
    loader._load = original;
    if (before.dataDir === undefined) delete process.env['COUNTERSIGN_DATA_DIR'];
    else process.env['COUNTERSIGN_DATA_DIR'] = before.dataDir;
    for (const path of Object.keys(require.cache)) if (path.startsWith(built(''))) delete require.cache[path];
    for (const [event, listeners] of Object.entries(listenersNow()))
      for (const listener of listeners)
        if (!before.listeners[event]?.includes(listener)) process.off(event, listener as () => void);
  };
  return { loaded, restore };
}

const listenersNow = (): Record<string, unknown[]> =>
  Object.fromEntries(
    ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException'].map((event) => [
      event,
      process.listeners(event as 'exit'),
    ]),
  );

async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the desktop shell did not get there in 10 s');
}
