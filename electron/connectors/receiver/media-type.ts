import { Refusal } from './refusal.ts';

type Headers = Readonly<Record<string, string[] | undefined>>;

/** Without its parameters; a charset other than UTF-8 makes it none. */
export function mediaType(values: readonly string[] | undefined): string {
  const [type = '', ...parameters] = (values?.length === 1 ? (values[0] ?? '') : '').split(';');
  const charset = parameters.map((one) => /^\s*charset="?([^"]*)"?\s*$/i.exec(one)?.[1]).find(Boolean);
  if (charset !== undefined && !/^(utf-8|us-ascii)$/i.test(charset)) return '';
  return type.trim().toLowerCase();
}

export const isJson = (type: string) => /^(application|text)\/([\w.-]+\+)?json$/.test(type);

/** @throws Refusal 415: what is packed could unpack to anything. */
export function demandPlain(headers: Headers): void {
  if (headers['content-encoding'] !== undefined)
    throw new Refusal(415, 'Send the body as it is, without a content-encoding.');
}

/** @throws Refusal 415 */
export function demandJson(headers: Headers, remedy: string): void {
  demandPlain(headers);
  if (!isJson(mediaType(headers['content-type'])))
    throw new Refusal(415, `Send JSON, as application/json. ${remedy}`);
}
