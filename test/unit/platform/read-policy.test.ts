import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/platform/failure.ts';
import { Refused, retryAfterIn } from '../../../electron/platform/http-reply.ts';
import { readPolicy } from '../../../electron/platform/read-policy.ts';

const calm = () => new AbortController().signal;
const refused = (status: number, headers: Record<string, string> = {}) =>
  new Refused(new Failure('unreachable', `it says ${status}`), { status, headers });
const unreachable = (code: string) =>
  new Failure('unreachable', `it is ${code}`, Object.assign(new Error(code), { code }));

/** A policy with a clock of its own, asked for something that fails so often. */
function policy() {
  let nowMs = 0;
  const reads = readPolicy({ system: 'S', nowMs: () => nowMs, random: () => 0 });
  let asked = 0;
  return {
    pass: (ms: number) => {
      nowMs += ms;
    },
    asked: () => asked,
    read: (fail: (nth: number) => unknown, signal = calm()) =>
      reads.read(async () => {
        asked += 1;
        const error = fail(asked);
        if (error) throw error;
        return asked;
      }, signal),
  };
}

describe('a read', () => {
  it.each([
    ['a connection that was reset', unreachable('ECONNRESET')],
    ['a server that is not ready', refused(503)],
    ['a gateway that timed out', refused(504)],
    ['a moment’s wait that is asked for', refused(429, { 'retry-after': '0' })],
  ])('is made again after %s', async (_case, error) => {
    const { read, asked } = policy();
    expect(await read((nth) => (nth < 3 ? error : null))).toBe(3);
    expect(asked()).toBe(3);
  });

  it.each([
    ['a time-out', new Failure('timeout', 'no answer')],
    ['credentials that are not accepted', refused(401)],
    ['a question that is not understood', refused(400)],
    ['a fault of the server', refused(500)],
    ['a name that does not resolve', unreachable('ENOTFOUND')],
    ['a certificate that has expired', unreachable('CERT_HAS_EXPIRED')],
    ['a long wait that is asked for', refused(429, { 'retry-after': '60' })],
    ['a reply that is none', new Failure('bad_reply', 'half')],
  ])('is made once where it meets %s', async (_case, error) => {
    const { read, asked } = policy();
    await expect(read(() => error)).rejects.toBe(error);
    expect(asked()).toBe(1);
  });

  it('is not made while the system asked to be left alone, and again after that', async () => {
    const { read, asked, pass } = policy();
    const busy = refused(429, { 'retry-after': '60' });
    await expect(read(() => busy)).rejects.toBe(busy);
    pass(59_000);
    await expect(read(() => null)).rejects.toBe(busy);
    expect(asked()).toBe(1);
    pass(2_000);
    expect(await read(() => null)).toBe(2);
  });

  it('is not made after failures in a row, and says what the system was down with', async () => {
    const { read, asked } = policy();
    const down = refused(500);
    for (let times = 0; times < 5; times++) await expect(read(() => down)).rejects.toBe(down);
    await expect(read(() => null)).rejects.toBe(down);
    expect(asked()).toBe(5);
  });

  it('that was refused is no failure of the system', async () => {
    const { read } = policy();
    for (let times = 0; times < 10; times++)
      await expect(read(() => refused(403))).rejects.toMatchObject({ status: 403 });
    expect(await read(() => null)).toBe(11);
  });

  it('that was cancelled before its turn is a failure with a sentence', async () => {
    const { read, asked } = policy();
    await expect(read(() => null, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked()).toBe(0);
  });
});

it.each([
  ['7', 7_000],
  ['0', 0],
  ['999999', 300_000],
  ['Thu, 01 Jan 1970 00:00:30 GMT', 30_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', null],
  ['', null],
  [undefined, null],
])('a Retry-After of %s is %s ms', (header, expected) => expect(retryAfterIn(header, 0)).toBe(expected));
