import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Reply } from '../../shared/bridge/contract.ts';
import { replyText } from '../../shared/bridge/reply-text.ts';
import { commonHeaders } from '../platform/security-headers.ts';
import type { Refusal } from './request-gate.ts';

/** Answers with a value that no cache keeps and no page of another origin can read. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  send(response, status, JSON.stringify(value), headers);
}

/** Answers a call. */
export const sendReply = (response: ServerResponse, reply: Reply): void =>
  send(response, 200, replyText(reply), {});

function send(response: ServerResponse, status: number, text: string, headers: Record<string, string>): void {
  const body = Buffer.from(text);
  response.writeHead(status, { ...headersOf(body.length), ...headers });
  response.end(body);
}

/** A refusal has the shape of a failed reply, so that a screen shows its sentence like any other. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  sendJson(response, refusal.status, replyOf(refusal), refusal.headers);
}

/** The same before a WebSocket is one: there is no response object yet, only the connection. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify(replyOf(refusal));
  const headers = { ...headersOf(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // The other end may be gone already; there is nobody left to tell.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join('')}\r\n${body}`);
}

const replyOf = ({ code, message }: Refusal): Reply => ({ ok: false, code, message });

const headersOf = (bytes: number) => ({
  ...commonHeaders,
  'content-type': 'application/json; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'content-length': bytes,
});
