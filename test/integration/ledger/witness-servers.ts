/** Witnesses as somebody else would run them, on real sockets of this machine. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openCheckpoint, type VerifierKey } from '../../../electron/ledger/note.ts';
import { parseConsistencyProof } from '../../../electron/ledger/proofs/tlog-proof.ts';
import { areSame, isConsistent } from '../../../electron/ledger/tree.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';

export type Serving = { url: string; close(): Promise<void> };

export async function serve(listener: RequestListener): Promise<Serving> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Checks everything that C2SP tlog-witness demands of a witness, and cosigns. `state` is what it remembers. */
export async function witnessServer(logKey: () => VerifierKey | undefined) {
  const signer = signerOf(newPrivateKey());
  const name = 'witness.test/w1';
  const id = createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(4))
    .update(signer.publicKey)
    .digest();
  const material = Buffer.concat([Uint8Array.of(4), signer.publicKey]).toString('base64');
  const state = { size: 0, root: Buffer.alloc(32) as Uint8Array, requests: [] as string[] };

  function cosigned(note: string): string {
    const time = 1_770_000_000n;
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(time);
    const signature = signer.sign(Buffer.from(`cosignature/v1\ntime ${time}\n${text}`));
    const line = Buffer.concat([id.subarray(0, 4), bytes, signature]).toString('base64');
    return `\u2014 ${name} ${line}\n`;
  }

  function answer(body: string): [status: number, text: string, type?: string] {
    const proof = parseConsistencyProof(body);
    if (!proof) return [400, 'no proof\n'];
    const key = logKey();
    const origin = proof.checkpoint.split('\n')[0];
    if (!key || origin !== key.name) return [404, 'unknown log\n'];
    const opened = openCheckpoint(proof.checkpoint, key);
    if (!opened.ok) return [403, `${opened.because}\n`];
    const { checkpoint } = opened;
    if (proof.oldSize > checkpoint.size) return [400, 'old is new\n'];
    if (proof.oldSize !== state.size) return [409, `${state.size}\n`, 'text/x.tlog.size'];
    if (state.size === checkpoint.size && !areSame(state.root, checkpoint.root))
      return [409, 'another root\n'];
    const older = { size: state.size, root: state.root };
    if (state.size > 0 && !isConsistent(older, checkpoint, proof.hashes)) return [422, 'no consistency\n'];
    if (state.size === 0 && proof.hashes.length > 0) return [422, 'a proof from nothing\n'];
    Object.assign(state, { size: checkpoint.size, root: checkpoint.root });
    return [200, cosigned(proof.checkpoint)];
  }

  const server = await serve(async (request, response) => {
    const body = (await bodyOf(request)).toString();
    state.requests.push(`${request.method} ${request.url} ${body.split('\n')[0]}`);
    const [status, text, type = 'text/plain'] =
      request.method === 'POST' && request.url === '/w1/add-checkpoint' ? answer(body) : [405, 'no\n'];
    response.writeHead(status, { 'content-type': type }).end(text);
  });
  return {
    ...server,
    url: `${server.url}/w1`,
    key: `${name}+${id.subarray(0, 4).toString('hex')}+${material}`,
    publicKey: { name, publicKey: signer.publicKey },
    state,
  };
}

export const s3Keys = { accessKeyId: 'AKTEST', secretAccessKey: 'a secret of the test' };

/** A bucket with conditional writes, that lets nobody in whose AWS Signature Version 4 is not right. */
export async function s3Server() {
  const objects = new Map<string, Buffer>();
  const state = { objects, requests: [] as string[], etags: true, beforePut: (_path: string): void => {} };

  function handle(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const path = request.url ?? '';
    state.requests.push(`${request.method} ${path}`);
    const refusal = whyUnsigned(request, body);
    if (refusal) return void response.writeHead(403).end(`<Error><Code>${refusal}</Code></Error>`);
    if (request.method === 'PUT') state.beforePut(path);
    const there = objects.get(path);
    const etag = there && etagOf(there);
    if (request.method === 'PUT') {
      const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
      const isRefused = (ifNoneMatch === '*' && there) || (ifMatch !== undefined && ifMatch !== etag);
      if (isRefused)
        return void response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
      objects.set(path, body);
      return void response.writeHead(200, { etag: etagOf(body) }).end();
    }
    if (!there || !etag) return void response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    response.writeHead(200, { 'content-length': there.length, ...(state.etags && { etag }) });
    response.end(request.method === 'HEAD' ? undefined : there);
  }

  const server = await serve(async (request, response) => handle(request, await bodyOf(request), response));
  return { ...server, ...state, state };
}

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

/** The signature computed anew from what arrived, as the store itself does. */
function whyUnsigned({ method, url, headers }: IncomingMessage, body: Buffer): string | undefined {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=AKTEST\/(\d{8}\/eu-test-1\/s3\/aws4_request), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const [, scope = '', names = '', signature = ''] = pattern.exec(headers.authorization ?? '') ?? [];
  if (signature === '') return 'AccessDenied';
  const digest = createHash('sha256').update(body).digest('hex');
  if (headers['x-amz-content-sha256'] !== digest) return 'XAmzContentSHA256Mismatch';
  const demanded = [
    'host',
    'x-amz-content-sha256',
    'x-amz-date',
    ...(headers['if-match'] ? ['if-match'] : []),
  ];
  if (!demanded.every((name) => names.split(';').includes(name))) return 'HeadersNotSigned';
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url, '', lines.join(''), names, digest].join('\n');
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hashed].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      `AWS4${s3Keys.secretAccessKey}`,
    );
  const expected = createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch';
}
