import { Failure } from '../../platform/failure.ts';

/** The lines of a stream as they become whole; a last one that was cut off is not one. */
export async function* textLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      pending.push(chunk.subarray(from, end));
      const line = Buffer.concat(pending).toString('utf8');
      pending = [];
      size = 0;
      from = end + 1;
      if (line.trim() !== '') yield line;
    }
    const rest = chunk.subarray(from);
    size += rest.length;
    if (size > maxBytes)
      throw new Failure('bad_reply', 'Kubernetes sent a change that is too large to read.');
    if (rest.length > 0) pending.push(rest);
  }
}
