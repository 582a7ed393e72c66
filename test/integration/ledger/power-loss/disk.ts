/**
 * A disk that loses power. What was synced is there afterwards; of everything else any part may be there or not, in
 * pieces of a sector, whatever the order it was written in.
 */
import { dirname } from 'node:path';
import type { Chance } from '../seeded.ts';
import type { FileOperation } from './trace.ts';

type Change = Exclude<FileOperation, { does: 'say' } | { does: 'sync' } | { does: 'rename' }>;
/**
 * `kept` is the content that is safe; undefined when the file itself may not be there. `before` is the file that this one
 * was put in the place of, which may be back until the folder is synced.
 */
type File = { kept: Buffer | undefined; pending: Change[]; before?: File | undefined };

export type Loss = 'none' | 'all' | 'some';

const SECTOR = 512;

/** `honest: false` is a disk that does not do what it is told: syncs change nothing. */
export function disk({ honest = true }: { honest?: boolean } = {}) {
  const files = new Map<string, File>();
  const said: string[] = [];

  function fileAt(path: string): File {
    const file = files.get(path) ?? { kept: undefined, pending: [] };
    files.set(path, file);
    return file;
  }

  function apply(operation: FileOperation): void {
    if (operation.does === 'say') said.push(operation.text);
    else if (operation.does === 'sync') sync(operation.path);
    else if (operation.does === 'rename') {
      files.set(operation.to, { ...fileAt(operation.path), before: files.get(operation.to) });
      files.delete(operation.path);
    } else fileAt(operation.path).pending.push(operation);
  }

  function sync(path: string): void {
    if (!honest) return;
    const file = files.get(path);
    if (file) {
      file.kept = file.pending.reduce(changed, file.kept);
      file.pending = [];
    } else {
      for (const [one, entry] of files) if (dirname(one) === path) settleNames(entry);
    }
  }

  /** The files after a power loss now: path to content. Changes nothing here. */
  function afterLoss(loss: Loss, by: Chance): Map<string, Buffer> {
    const left = new Map<string, Buffer>();
    for (const [path, file] of files) {
      const isBack = file.before && loss !== 'none' && by.happens(0.5);
      const { kept, pending } = isBack && file.before ? file.before : file;
      const survivors =
        loss === 'none'
          ? pending
          : loss === 'all'
            ? []
            : pending.flatMap((change) => survivorsOf(change, by));
      const content = survivors.reduce(changed, kept && Buffer.from(kept));
      if (content) left.set(path, content);
    }
    return left;
  }

  return { apply, afterLoss, said: () => said.join('') };
}

/** A removal or a new name is safe once the folder is synced; before that, the file that was there may be back. */
function settleNames(file: File): void {
  file.before = undefined;
  const last = file.pending.findLastIndex(({ does }) => does === 'unlink');
  if (last === -1) return;
  file.kept = undefined;
  file.pending = file.pending.slice(last + 1);
}

function changed(content: Buffer | undefined, change: Change): Buffer | undefined {
  if (change.does === 'unlink') return undefined;
  const present = content ?? Buffer.alloc(0);
  if (change.does === 'truncate') return resized(present, change.size);
  const end = change.offset + change.data.length;
  const target = end > present.length ? resized(present, end) : present;
  change.data.copy(target, change.offset);
  return target;
}

function resized(content: Buffer, size: number): Buffer {
  if (size <= content.length) return content.subarray(0, size);
  const room = Buffer.alloc(size);
  content.copy(room);
  return room;
}

/** Each sector of a write survives or not by itself; so do a removal and a change of length. */
function survivorsOf(change: Change, by: Chance): Change[] {
  if (change.does !== 'write') return by.happens(0.5) ? [change] : [];
  const { path, offset, data } = change;
  const pieces: Change[] = [];
  for (let from = 0; from < data.length; ) {
    const to = Math.min(data.length, from + SECTOR - ((offset + from) % SECTOR));
    if (by.happens(0.5))
      pieces.push({ does: 'write', path, offset: offset + from, data: data.subarray(from, to) });
    from = to;
  }
  return pieces;
}
