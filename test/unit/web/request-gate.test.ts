import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asked, refusalOf, socketRefusalOf } from '../../../electron/web/request-gate.ts';

const HERE = '127.0.0.1:8123';
const NAMES = [HERE, 'localhost:8123'];

type Sent = Record<string, string | string[] | undefined>;
const asked = (method: string, pathname: string, sent: Sent): Asked => ({
  method,
  pathname,
  headers: Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
  ),
});
const own = { host: HERE, origin: `http://${HERE}`, 'sec-fetch-site': 'same-origin' };
const byHand = {
  host: HERE,
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

describe('a request', () => {
  it.each<[string, string, string, Sent]>([
    ['a call of its own page', 'POST', '/call', own],
    [
      'a call under the name localhost',
      'POST',
      '/call',
      { ...own, host: 'localhost:8123', origin: 'http://localhost:8123' },
    ],
    ['the address opened by hand', 'GET', '/', byHand],
    ['a file of its own page', 'GET', '/assets/index.js', { host: HERE, 'sec-fetch-site': 'same-origin' }],
    ['a file for a client that is no browser', 'GET', '/assets/index.js', { host: HERE }],
    ['the head of a file', 'HEAD', '/', { host: HERE }],
  ])('%s is answered', (_case, method, pathname, sent) => {
    expect(refusalOf(asked(method, pathname, sent), NAMES)).toBeUndefined();
  });

  it.each<[string, string, string, Sent, number]>([
    ['another Host', 'GET', '/', { ...byHand, host: 'evil.test:8123' }, 421],
    ['the Host without its port', 'GET', '/', { ...byHand, host: '127.0.0.1' }, 421],
    ['the Host of another port', 'GET', '/', { ...byHand, host: '127.0.0.1:8124' }, 421],
    ['the Host in another spelling', 'GET', '/', { ...byHand, host: '127.1:8123' }, 421],
    ['no Host', 'GET', '/', { ...byHand, host: undefined }, 421],
    ['two Hosts', 'GET', '/', { ...byHand, host: [HERE, HERE] }, 421],
    ['a wrong Host before anything else', 'BREW', '/call', { host: 'evil.test' }, 421],
    ['another site', 'GET', '/', { ...byHand, 'sec-fetch-site': 'cross-site' }, 403],
    ['another port of the same site', 'GET', '/', { ...byHand, 'sec-fetch-site': 'same-site' }, 403],
    ['a site sent twice', 'GET', '/', { ...byHand, 'sec-fetch-site': ['none', 'none'] }, 403],
    ['a file asked for by hand', 'GET', '/assets/index.js', byHand, 403],
    ['the page in a frame', 'GET', '/', { ...byHand, 'sec-fetch-dest': 'iframe' }, 403],
    ['the page fetched by a script', 'GET', '/', { ...byHand, 'sec-fetch-mode': 'cors' }, 403],
    ['a call that says nothing of its site', 'POST', '/call', { ...own, 'sec-fetch-site': undefined }, 403],
    ['a call by hand', 'POST', '/call', { ...own, 'sec-fetch-site': 'none' }, 403],
    ['a call without Origin', 'POST', '/call', { ...own, origin: undefined }, 403],
    ['a call of a page without origin', 'POST', '/call', { ...own, origin: 'null' }, 403],
    ['a call of another port', 'POST', '/call', { ...own, origin: 'http://127.0.0.1:9' }, 403],
    ['a call of https', 'POST', '/call', { ...own, origin: `https://${HERE}` }, 403],
    ['a call of the other name', 'POST', '/call', { ...own, origin: 'http://localhost:8123' }, 403],
    ['a call of two Origins', 'POST', '/call', { ...own, origin: [`http://${HERE}`, `http://${HERE}`] }, 403],
    ['a sign-in without Origin', 'POST', '/session', { ...own, origin: undefined }, 403],
    ['a preflight of another origin', 'OPTIONS', '/call', { host: HERE, origin: 'http://evil.test' }, 403],
    ['reading a call', 'GET', '/call', own, 405],
    ['posting to a file', 'POST', '/', own, 405],
    ['putting', 'PUT', '/call', own, 405],
  ])('with %s is refused', (_case, method, pathname, sent, status) => {
    expect(refusalOf(asked(method, pathname, sent), NAMES)).toMatchObject({
      status,
      code: expect.stringMatching(/^[a-z_]+$/),
      message: expect.stringMatching(/\.$/),
    });
  });

  it('says which methods there are where one is refused', () => {
    expect(refusalOf(asked('DELETE', '/call', own), NAMES)?.headers).toEqual({ allow: 'POST' });
  });

  it('that posts is answered under no other origin, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (origin) => {
        fc.pre(origin !== own.origin);
        expect(refusalOf(asked('POST', '/call', { ...own, origin }), NAMES)?.status).toBe(403);
      }),
    );
  });
});

describe('a WebSocket', () => {
  it.each<[string, Sent]>([
    ['of its own page', own],
    ['of a browser that says nothing of its site', { ...own, 'sec-fetch-site': undefined }],
  ])('%s is opened', (_case, sent) => {
    expect(socketRefusalOf(asked('GET', '/events', sent), NAMES)).toBeUndefined();
  });

  it.each<[string, string, Sent, number]>([
    ['another Host', '/events', { ...own, host: 'evil.test:8123' }, 421],
    ['another site', '/events', { ...own, 'sec-fetch-site': 'cross-site' }, 403],
    ['another Origin', '/events', { ...own, origin: 'http://127.0.0.1:9' }, 403],
    ['no Origin', '/events', { ...own, origin: undefined }, 403],
    ['another path', '/call', own, 404],
  ])('with %s is refused', (_case, pathname, sent, status) => {
    expect(socketRefusalOf(asked('GET', pathname, sent), NAMES)?.status).toBe(status);
  });
});
