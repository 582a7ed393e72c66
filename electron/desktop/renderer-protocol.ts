import type { Protocol } from 'electron';
import type { RendererFiles } from '../platform/renderer-files.ts';
import { commonHeaders } from '../platform/security-headers.ts';

const SCHEME = 'app';
const HOST = 'countersign';

/** The only origin that is ours. A scheme of its own: no port, no server, no file: address with its wide rights. */
export const ORIGIN = `${SCHEME}://${HOST}`;
export const PAGE = `${ORIGIN}/`;

/** Must come before the application is ready, which is when Chromium learns its schemes. */
export function declareScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built screen, with the same headers as on loopback, and nothing else. */
export function serveRenderer(protocol: Pick<Protocol, 'handle'>, files: RendererFiles): void {
  protocol.handle(SCHEME, ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const file = host === HOST && method === 'GET' ? files.find(pathname) : undefined;
    if (file === undefined) return new Response(null, { status: 404, headers: { ...commonHeaders } });
    return new Response(new Uint8Array(file.body), { headers: file.headers });
  });
}
