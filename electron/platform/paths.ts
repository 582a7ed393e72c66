import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

/** What decides where data is kept; the machine's own unless a test says otherwise. */
export type Surroundings = { platform: string; env: Record<string, string | undefined>; home: string };

const here = (): Surroundings => ({ platform: process.platform, env: process.env, home: homedir() });

/**
 * The data directory as an absolute path: `chosen` (--data-dir), else COUNTERSIGN_DATA_DIR, else where the system keeps
 * the data of applications (on Linux the XDG Base Directory Specification, which ignores relative paths).
 */
export function dataDirOf(chosen?: string, { platform, env, home }: Surroundings = here()): string {
  const named = chosen ?? env['COUNTERSIGN_DATA_DIR'];
  if (named !== undefined && named !== '') return resolve(named);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Countersign');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Countersign');
  const xdg = env['XDG_DATA_HOME'] ?? '';
  return join(isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'countersign');
}

/** Scenarios, prompts, the default envelope, icons. */
export const resourcesDir = (): string => join(applicationDir(), 'resources');

/** The built screen. */
export const rendererDir = (): string => join(applicationDir(), 'dist', 'renderer');

/** The module that a worker thread runs, by its path below electron/: the source, or what it was bundled to. */
export function workerFile(source: string): string {
  const built = join(applicationDir(), 'dist', 'electron');
  return import.meta.dirname.startsWith(built)
    ? join(built, `${basename(source, '.ts')}.cjs`)
    : join(applicationDir(), 'electron', source);
}

export const version = (): string => Manifest.parse(JSON.parse(readFileSync(manifestPath(), 'utf8'))).version;

const Manifest = z.object({ name: z.literal('countersign'), version: z.string() });

const applicationDir = (): string => dirname(manifestPath());

/**
 * Sources, bundles and the packaged archive lie at different depths under the same package.json. COUNTERSIGN_ROOT names
 * its folder where that cannot be found by walking up.
 */
function manifestPath(): string {
  const named = process.env['COUNTERSIGN_ROOT'];
  if (named !== undefined && named !== '') return join(resolve(named), 'package.json');
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path) && isOurs(path)) return path;
    if (folder === dirname(folder)) throw new Error(`No package.json above ${import.meta.dirname}`);
  }
}

/** A build may leave a package.json of its own that only tells the kind of module. */
const isOurs = (path: string) => Manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))).success;
