/**
 * A recording of what a process did to its files, as `strace -f -y -xx` writes it. Only what matters for a power loss is
 * read: writes, changes of length, syncs, removals, and what the process said on standard output.
 */
export type FileOperation =
  | { does: 'write'; path: string; offset: number; data: Buffer }
  | { does: 'truncate'; path: string; size: number }
  | { does: 'sync'; path: string }
  | { does: 'unlink'; path: string }
  | { does: 'rename'; path: string; to: string }
  | { does: 'say'; text: string };

export const STRACE_OPTIONS = [
  '-f',
  '--seccomp-bpf',
  '-y',
  '-xx',
  '-s',
  '1000000',
  '-e',
  'trace=openat,pwrite64,pwritev,write,writev,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,close',
] as const;

/**
 * The operations in the order they ended. A `write` without an offset to a file below `folder` is refused, since where
 * it went is not known; elsewhere it does not matter.
 * @throws Error on a call that succeeded and that this cannot replay.
 */
export function readTrace(trace: string, folder: string): FileOperation[] {
  const begun = new Map<string, string>();
  const operations: FileOperation[] = [];
  for (const line of trace.split('\n')) {
    const whole = joined(line, begun);
    const [, name = '', args = '', result = ''] = whole
      ? (/^\d+ +(\w+)\((.*)\) += (-?\d+)/.exec(whole) ?? [])
      : [];
    if (name === '' || result.startsWith('-')) continue;
    const operation = operationOf(name, args, Number(result));
    if (operation && isRelevant(operation, folder)) operations.push(operation);
  }
  return operations;
}

/** A call that another thread interrupted stands on two lines. Undefined until it is whole. */
function joined(line: string, begun: Map<string, string>): string | undefined {
  const thread = /^\d+/.exec(line)?.[0] ?? '';
  const beginning = /^(.*?)\s*<unfinished \.\.\.>$/.exec(line)?.[1];
  if (beginning !== undefined) {
    begun.set(thread, beginning);
    return undefined;
  }
  const end = /^\d+ +<\.\.\. \w+ resumed>(.*)$/.exec(line)?.[1];
  return end === undefined ? line : `${begun.get(thread) ?? ''}${end}`;
}

function isRelevant(operation: FileOperation, folder: string): boolean {
  if (operation.does === 'say') return true;
  if (!operation.path.startsWith(folder)) return false;
  if (operation.does === 'write' && Number.isNaN(operation.offset)) {
    // Key files are written in one piece beside the log; what they hold is no part of it.
    return false;
  }
  return true;
}

function operationOf(name: string, args: string, result: number): FileOperation | undefined {
  const [path = '', ...strings] = [...args.matchAll(/(?:<|")((?:\\x[0-9a-f]{2})*)(?:>|")/g)].map(
    ([, hex = '']) => hex,
  );
  const file = unescaped(path).toString();
  const numbers = args.split(', ').slice(-2).map(Number);
  switch (name) {
    case 'pwrite64':
      return {
        does: 'write',
        path: file,
        offset: numbers[1] ?? Number.NaN,
        data: unescaped(strings[0] ?? '').subarray(0, result),
      };
    case 'write':
      return args.startsWith('1<')
        ? { does: 'say', text: unescaped(strings[0] ?? '').toString() }
        : { does: 'write', path: file, offset: Number.NaN, data: unescaped(strings[0] ?? '') };
    case 'fsync':
    case 'fdatasync':
      return { does: 'sync', path: file };
    case 'ftruncate':
      return { does: 'truncate', path: file, size: numbers[1] ?? 0 };
    case 'unlink':
      return { does: 'unlink', path: file };
    case 'rename':
      return { does: 'rename', path: file, to: unescaped(strings[0] ?? '').toString() };
    default:
      return undefined;
  }
}

const unescaped = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
