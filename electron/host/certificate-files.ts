import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConnectionTls } from '../../shared/vocabulary/connection-tls.ts';
import { Failure, messageOf } from '../platform/failure.ts';

/** Certificates as connections.yaml names them: files beside it, or anywhere. */
export const TlsFiles = z
  .strictObject({
    authorityFile: z.string().min(1).optional(),
    certificateFile: z.string().min(1).optional(),
    keyFile: z.string().min(1).optional(),
  })
  .refine(
    ({ certificateFile, keyFile }) => (certificateFile === undefined) === (keyFile === undefined),
    'certificateFile and keyFile go together',
  );

const MOST_BYTES = 65_536;

/** @throws Failure `bad_input` naming the connection and the file, never what stands in it. */
export function tlsInFiles(
  { path, dataDir, name }: { path: string; dataDir: string; name: string },
  { authorityFile, certificateFile, keyFile }: z.infer<typeof TlsFiles>,
): ConnectionTls {
  const bad = (member: string, why: string) =>
    new Failure('bad_input', `${path}: the ${member} of “${name}” ${why}`);
  function read(member: 'authorityFile' | 'certificateFile' | 'keyFile', file: string): string {
    const at = resolve(dataDir, file);
    try {
      const { size, mode } = statSync(at);
      if (size > MOST_BYTES) throw bad(member, `is larger than ${MOST_BYTES / 1_024} kB: ${at}`);
      if (member === 'keyFile' && process.platform !== 'win32' && (mode & 0o077) !== 0)
        throw bad(member, `can be read by others. Make it yours alone: chmod 600 ${at}`);
      return readFileSync(at, 'utf8');
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw bad(member, `cannot be read: ${messageOf(error)}`);
    }
  }
  const parsed = ConnectionTls.safeParse({
    ...(authorityFile === undefined ? {} : { authority: read('authorityFile', authorityFile) }),
    ...(certificateFile === undefined || keyFile === undefined
      ? {}
      : {
          client: {
            certificate: read('certificateFile', certificateFile),
            key: read('keyFile', keyFile),
          },
        }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Failure(
    'bad_input',
    `${path}: the tls of “${name}” does not hold: ${issue?.path.join('.')} must be ${issue?.message}`,
  );
}
