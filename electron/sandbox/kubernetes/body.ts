import type { Request } from '../http/loopback.ts';
import { type Json, parseJson } from './patch.ts';
import { decodeProtobuf } from './protobuf.ts';
import { unsupportedMediaType } from './status.ts';

const json = 'application/json';
const protobuf = 'application/vnd.kubernetes.protobuf';

/** The object a client has sent, in whichever of the two encodings. */
export function objectIn({ contentType, body, bytes }: Request): Json {
  const [type = ''] = contentType.split(';');
  // Who says nothing means JSON: kubectl's scale client does not say.
  if (['', json].includes(type.trim())) return parseJson(body);
  const decoded = type.trim() === protobuf && bytes ? decodeProtobuf(bytes) : null;
  if (decoded === null) throw unsupportedMediaType([json]);
  return decoded;
}
