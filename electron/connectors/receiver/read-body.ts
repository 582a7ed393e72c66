import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/**
 * The whole body, within bounds of size and time.
 * @throws Refusal 413 or 408; what has not arrived by then is not waited for.
 */
export function readBody(
  request: IncomingMessage,
  { mostBytes, withinMs }: { mostBytes: number; withinMs: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const tooLarge = () => finish(() => reject(new Refusal(413, `Send at most ${mostBytes} bytes.`)));
    const timer = setTimeout(
      () => finish(() => reject(new Refusal(408, `The body did not arrive within ${withinMs / 1_000} s.`))),
      withinMs,
    );
    function finish(how: () => void): void {
      clearTimeout(timer);
      request.off('data', take).off('end', end).off('close', gone);
      how();
    }
    function take(part: Buffer): void {
      bytes += part.length;
      if (bytes > mostBytes) tooLarge();
      else parts.push(part);
    }
    const end = () => finish(() => resolve(Buffer.concat(parts)));
    const gone = () => finish(() => reject(new Refusal(400, 'The body was cut off.')));
    // Whoever breaks the connection while nobody reads it any more does no harm.
    request.on('error', () => {});
    if (Number(request.headers['content-length'] ?? 0) > mostBytes) tooLarge();
    else request.on('data', take).on('end', end).on('close', gone);
  });
}
