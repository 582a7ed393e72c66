import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ConnectionTest } from '../../../shared/vocabulary/connection.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/failure.ts';
import type { ChangeSource, Connector } from '../source.ts';
import { receivedIn } from './cloud-events.ts';
import { beginningOf, type FilePlace, rewound, stillHolds } from './file-place.ts';
import { eachFile } from './folder-files.ts';
import { inbox } from './inbox.ts';
import { type Line, readLines } from './read-lines.ts';
import type { Received } from './received.ts';
import { Refusal } from './refusal.ts';

export type WatchedFolderOptions = {
  id: string;
  name: string;
  folder: string;
  /** How far each file was read, kept over restarts. */
  places: { read(): FilePlace[]; write(places: readonly FilePlace[]): void };
  clock?: Pick<Clock, 'now'>;
};

type Listener = Parameters<ChangeSource['stream']>[0];
type BadLine = { file: string; line: number; because: string };

/** Where the system says nothing of a change, or not of this kind of folder. */
const LOOK_EVERY_MS = 2_000;
/** Several writes in a row are read as one. */
const SETTLE_MS = 50;
/** So much of each file is read again after a start. */
const REWIND_BYTES = 4 * 1_048_576;

const describing = {
  reads: ['changes that others write into files of a folder, one event a line: what a receiver takes'],
  unseen: ['files in folders within the folder, links, and packed files'],
  answers: [],
  writes: [],
};

/**
 * Reads changes from the files of one folder as others write them, each line an event as the receiver takes it (docs/events.md).
 * A file may grow, be rotated, or be emptied and written anew; nothing in it is lost by that, and an event that stands there
 * twice is one. It only reads.
 */
export function watchedFolder(options: WatchedFolderOptions): Connector & { changes: ChangeSource } {
  const { id, name, folder, places, clock } = options;
  const box = inbox({ source: name, now: () => clock?.now() ?? Date.now() });
  const listeners = new Set<Listener>();
  const bad: BadLine[] = [];
  let badLines = 0;
  let leftOut = 0;
  /** Undefined until they were read for the first time. */
  let known: Map<string, FilePlace> | undefined;
  let looking: Promise<void> = Promise.resolve();

  /** One after the other, however often it is asked for. @throws what opening the folder throws */
  function look(): Promise<void> {
    const next = looking.catch(() => undefined).then(lookNow);
    looking = next;
    return next;
  }

  async function lookNow(): Promise<void> {
    const isFirst = known === undefined;
    const before = known ?? new Map(places.read().map((place) => [place.id, place]));
    const after = new Map<string, FilePlace>();
    leftOut = await eachFile(folder, before, async ({ id: file, name: called, handle, size }) => {
      const held = before.get(file);
      const holds = held !== undefined && (await stillHolds(handle, held, size));
      const from = !holds
        ? beginningOf(file, called)
        : isFirst
          ? await rewound(handle, held, REWIND_BYTES)
          : held;
      after.set(
        file,
        await readLines(handle, { ...from, file: called }, (lines) => takeLines(called, lines)),
      );
    });
    known = after;
    if (!isSame(before, after)) places.write([...after.values()]);
  }

  function takeLines(file: string, lines: readonly Line[]): void {
    const received = lines.flatMap((line) => {
      try {
        return receivedOfLine(line);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        badLines += 1;
        bad.push({ file, line: line.number, because: error.message });
        if (bad.length > 5) bad.shift();
        return [];
      }
    });
    const { fresh } = box.take(received);
    if (fresh.length > 0) for (const { onObservations } of listeners) onObservations(fresh);
  }

  function stream(listener: Listener): () => void {
    listeners.add(listener);
    let watcher: FSWatcher | undefined;
    let settling: NodeJS.Timeout | undefined;
    let told = -1;
    const lookAndTell = async (): Promise<void> => {
      try {
        await look();
        if (!listeners.has(listener)) return;
        watcher ??= watching();
        // What is odd stands in the words of its health, which are read when it says that it is up.
        if (told !== badLines) listener.onState({ up: true });
        told = badLines;
      } catch (error) {
        told = -1;
        watcher?.close();
        watcher = undefined;
        if (listeners.has(listener)) listener.onState({ up: false, because: inWords(folder, error) });
      }
    };
    function watching(): FSWatcher | undefined {
      try {
        const opened = watch(folder, { persistent: false }, () => {
          settling ??= setTimeout(() => {
            settling = undefined;
            void lookAndTell();
          }, SETTLE_MS);
        });
        // Without it, it is looked at every few seconds all the same.
        return opened.on('error', () => opened.close());
      } catch {
        return undefined;
      }
    }
    void lookAndTell();
    const timer = setInterval(() => void lookAndTell(), LOOK_EVERY_MS).unref();
    return () => {
      listeners.delete(listener);
      clearInterval(timer);
      clearTimeout(settling);
      watcher?.close();
    };
  }

  async function test(): Promise<ConnectionTest> {
    const nothing = { version: null, latencyMs: null, sees: [] };
    try {
      if (!(await stat(folder)).isDirectory())
        return { ok: false, sentence: `${folder} is not a folder.`, ...nothing };
      let files = 0;
      await eachFile(folder, new Map(), async () => {
        files += 1;
      });
      return {
        ok: true,
        sentence: `${folder} can be read.`,
        ...nothing,
        sees: [`${files} ${files === 1 ? 'file' : 'files'} of lines (.jsonl, .ndjson)`],
      };
    } catch (error) {
      return { ok: false, sentence: inWords(folder, error), ...nothing };
    }
  }

  return {
    id,
    kind: 'folder',
    name,
    describe: () => describing,
    health: () => ({ skewMs: null, sentence: oddity(bad, badLines, leftOut) }),
    test,
    changes: {
      stream,
      async backfill(window) {
        await look();
        return box.within(window);
      },
    },
  };
}

/** @throws Refusal naming what does not hold */
function receivedOfLine(line: Line): Received[] {
  if ('tooLong' in line) throw new Refusal(413, 'It is longer than 256 KiB.');
  if (line.bytes.every(isBlank)) return [];
  return receivedIn({ headers: { 'content-type': ['application/cloudevents+json'] }, body: line.bytes });
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

function oddity(bad: readonly BadLine[], badLines: number, leftOut: number): string | null {
  const last = bad.at(-1);
  const said = [
    ...(last ? [`Line ${last.line} of ${last.file} is no event: ${last.because}`] : []),
    ...(badLines > 1 ? [`So were ${badLines - 1} before it.`] : []),
    ...(leftOut > 0 ? [`${leftOut} files are too many and not read.`] : []),
  ];
  return said.length === 0 ? null : said.join(' ');
}

function inWords(folder: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `The folder ${folder} is not there: create it, or name another in connections.yaml.`;
    case 'EACCES':
      return `The folder ${folder} may not be read by this user.`;
    case 'ENOTDIR':
      return `${folder} is not a folder.`;
    default:
      return `The folder ${folder} cannot be read: ${messageOf(error)}`;
  }
}

function isSame(before: ReadonlyMap<string, FilePlace>, after: ReadonlyMap<string, FilePlace>): boolean {
  return (
    before.size === after.size &&
    [...after].every(([id, { offset, file, head }]) => {
      const known = before.get(id);
      return known?.offset === offset && known.file === file && known.head === head;
    })
  );
}
