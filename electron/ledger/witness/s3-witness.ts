import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { Failure } from '../../platform/failure.ts';
import { type HttpReply, isSuccess, refusalOf } from '../../platform/http-reply.ts';
import { CHECKPOINT, lastPaths } from '../proofs/tiles.ts';
import { ask } from './ask.ts';
import type { SignedLog } from './signed-log.ts';
import { demandExtends, type Witness, witnessSays } from './witness.ts';

export type S3Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

type S3Options = {
  name: string;
  /** `https://host[:port]`; the bucket follows as the first part of the path. */
  endpoint: string;
  region: string;
  bucket: string;
  /** What every name in the bucket begins with, without slashes at its ends. */
  prefix: string;
  what: 'log' | 'head';
  /** Asked at each push. @throws Failure saying which one is not to be had. */
  credentials(): S3Credentials;
  timeoutMs?: number;
};

type Request = {
  method: 'GET' | 'HEAD' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
};

/**
 * A bucket that holds the log as C2SP `tlog-tiles`. The checkpoint is written last, and only in the place of the one that
 * was compared with the log. Nothing is ever deleted, so the credentials need no right to.
 */
export function s3Witness(options: S3Options): Witness {
  const { name, endpoint, region, bucket, prefix, what, timeoutMs = 30_000 } = options;
  const root = `${endpoint.replace(/\/+$/, '')}/${[bucket, ...prefix.split('/')].filter(Boolean).join('/')}`;
  const about = { name, where: root };
  const says = witnessSays(about);

  async function push(log: SignedLog, signal: AbortSignal): Promise<void> {
    const held = await heldHead(signal);
    const older = held ? demandExtends(held.note, log, says) : undefined;
    if (what === 'log') await putTiles(log, older?.size ?? 0, signal);
    if (older?.size === log.head.size) return;
    const reply = await send(
      {
        method: 'PUT',
        path: CHECKPOINT,
        body: Buffer.from(log.note),
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'cache-control': 'no-cache',
          ...(held ? { 'if-match': held.etag } : { 'if-none-match': '*' }),
        },
      },
      signal,
    );
    if (reply.status === 412 || reply.status === 409) {
      throw new Failure(
        'unreachable',
        `${says} was given another head at the same moment (${reply.status}). It is compared and tried again.`,
      );
    }
    if (!isSuccess(reply)) throw refusalOf(reply);
  }

  async function heldHead(signal: AbortSignal): Promise<{ note: string; etag: string } | undefined> {
    const reply = await send({ method: 'GET', path: CHECKPOINT }, signal);
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw refusalOf(reply);
    const { etag } = reply.headers;
    if (etag) return { note: reply.text, etag };
    throw new Failure(
      'bad_reply',
      `${says} answers without an ETag, so its checkpoint cannot be replaced safely. Use a store with conditional writes.`,
    );
  }

  async function putTiles(log: SignedLog, heldSize: number, signal: AbortSignal): Promise<void> {
    const isWhole = await areThere(lastPaths(heldSize), signal);
    for (const { path, bytes } of log.filesFrom(isWhole ? heldSize : 0)) {
      const headers = { 'content-type': 'application/octet-stream' };
      const reply = await send({ method: 'PUT', path, body: bytes, headers }, signal);
      if (!isSuccess(reply)) throw refusalOf(reply);
    }
  }

  /** A bucket that held only heads so far, or lost some of its objects, is filled from the start. */
  async function areThere(paths: readonly string[], signal: AbortSignal): Promise<boolean> {
    for (const path of paths) {
      const reply = await send({ method: 'HEAD', path }, signal);
      if (reply.status === 404) return false;
      if (!isSuccess(reply)) throw refusalOf(reply);
    }
    return true;
  }

  async function send(
    { method, path, headers = {}, body }: Request,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const signed = await new AwsV4Signer({
      method,
      url: `${root}/${path}`,
      headers: {
        ...headers,
        'x-amz-content-sha256': createHash('sha256')
          .update(body ?? '')
          .digest('hex'),
        // Buckets with object lock demand it.
        ...(body && { 'content-md5': createHash('md5').update(body).digest('base64') }),
      },
      service: 's3',
      region,
      ...options.credentials(),
    }).sign();
    return ask(
      {
        system: `The witness “${name}”`,
        url: signed.url,
        method,
        headers: Object.fromEntries(signed.headers),
        ...(body && { body }),
        timeoutMs,
        maxBytes: MOST_BYTES,
      },
      signal,
    );
  }

  return { ...about, kind: 's3', push, held: async (signal) => (await heldHead(signal))?.note };
}

/** A checkpoint, or why not; nothing else is ever read. */
const MOST_BYTES = 128 * 1024;
