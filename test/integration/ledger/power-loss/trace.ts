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

/** What goes over the network is most of it, and no file's business; standard output may be a socket, too. */
const toSocket = /^\d+ +writev?\((?!1<)\d+<\\x73\\x6f\\x63\\x6b\\x65\\x74/;

/** The operations below `folder`, and what was said, in the order they ended. A `write` goes where the last one ended. */
export function readTrace(trace: Iterable<string>, folder: string): FileOperation[] {
  const begun = new Map<string, string>();
  const operations: FileOperation[] = [];
  const ends = new Map<string, number>();
  for (const line of trace) {
    if (toSocket.test(line)) continue;
    const whole = joined(line, begun);
    const [, name = '', args = '', result = ''] = whole
      ? (/^\d+ +(\w+)\((.*)\) += (-?\d+)/.exec(whole) ?? [])
      : [];
    if (name === '' || result.startsWith('-')) continue;
    if (name === 'openat') ends.delete(openedIn(args));
    const operation = operationOf(name, args, Number(result), ends);
    if (operation && (operation.does === 'say' || operation.path.startsWith(folder)))
      operations.push(operation);
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

const openedIn = (args: string): string =>
  unescaped(/"((?:\\x[0-9a-f]{2})*)"/.exec(args)?.[1] ?? '').toString();

function operationOf(
  name: string,
  args: string,
  result: number,
  ends: Map<string, number>,
): FileOperation | undefined {
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
    case 'write': {
      const data = unescaped(strings[0] ?? '').subarray(0, result);
      if (args.startsWith('1<')) return { does: 'say', text: data.toString() };
      const offset = ends.get(file) ?? 0;
      ends.set(file, offset + data.length);
      return { does: 'write', path: file, offset, data };
    }
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
