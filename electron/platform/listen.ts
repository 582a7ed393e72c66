import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure, messageOf } from './failure.ts';

export const LOOPBACK = '127.0.0.1';

/**
 * Opens the port, on loopback alone unless another address is given, and tells which one it became. `whenTaken` goes on
 * after “Port N on 127.0.0.1 is taken”: it says what to do then.
 * @throws Failure `conflict` when it is taken, `bad_input` when this user may not use it.
 */
export function listen(server: Server, port: number, whenTaken: string, host = LOOPBACK): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(failureOf(error, { port, host, whenTaken }));
    server.once('error', onError);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function failureOf(
  error: NodeJS.ErrnoException,
  { port, host, whenTaken }: { port: number; host: string; whenTaken: string },
): Failure {
  const place = `Port ${port} on ${host}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new Failure('conflict', `${place} is taken${whenTaken}`, error);
    case 'EACCES':
      return new Failure('bad_input', `${place} may not be used by this user. Choose one above 1023.`, error);
    default:
      return new Failure('unreachable', `${place} cannot be opened: ${messageOf(error)}.`, error);
  }
}
