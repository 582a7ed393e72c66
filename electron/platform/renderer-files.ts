import { randomBytes } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { Failure, messageOf } from './failure.ts';
import { commonHeaders, contentPolicy } from './security-headers.ts';

/** An answer for a path of the screen, with every header it needs. */
export type RendererFile = { body: Buffer; headers: Record<string, string> };
export type RendererFiles = { find(pathname: string): RendererFile | undefined };

/**
 * The built screen, read whole at start: what is served later is what was there then, and a path is either one of these
 * names or nothing, so that no path can lead out of the folder. Links are not followed.
 * @throws Failure `storage` when the screen was not built.
 */
export function rendererFiles(dir: string): RendererFiles {
  const files = new Map(read(dir).map(([name, body]) => [`/${name}`, body]));
  const document = files.get('/index.html')?.toString('utf8');
  if (document === undefined) {
    throw new Failure('storage', `The screen is not in ${dir}. Build it with \`npm run build\`.`);
  }
  return {
    find(pathname) {
      if (pathname === '/' || pathname === '/index.html') return freshDocument(document);
      const body = files.get(pathname);
      if (body === undefined) return undefined;
      const immutable = pathname.startsWith('/assets/');
      return {
        body,
        headers: {
          ...commonHeaders,
          'content-type': typeOf(pathname),
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-store',
        },
      };
    },
  };
}

/** What the build leaves for the nonce of each answer. */
const NONCE_PLACE = '__CSP_NONCE__';

function freshDocument(document: string): RendererFile {
  const nonce = randomBytes(16).toString('base64');
  return {
    body: Buffer.from(document.replaceAll(NONCE_PLACE, nonce)),
    headers: {
      ...commonHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentPolicy(nonce),
      'cache-control': 'no-store',
    },
  };
}

function read(dir: string): [string, Buffer][] {
  return filesIn(dir)
    .filter((path) => extname(path) in types)
    .map((path) => [relative(dir, path).split(sep).join('/'), readFileSync(path)]);
}

/** Folder by folder: inside a packaged archive nothing more than a plain listing is certain. */
function filesIn(folder: string): string[] {
  return entries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new Failure(
      'storage',
      `The screen cannot be read: ${messageOf(error)}. Build it with \`npm run build\`.`,
      error,
    );
  }
}

/** What is of no known type (source maps, leftovers) is not served. */
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const typeOf = (pathname: string) => types[extname(pathname)] ?? 'application/octet-stream';
