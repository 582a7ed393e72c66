/** Why a request is not answered: `code` for a program, `message` for the person. */
export type Refusal = { status: number; code: string; message: string; headers?: Record<string, string> };

/** What of a request tells where it comes from. Headers with every value that was sent, so that none hides another. */
export type Asked = {
  method: string;
  pathname: string;
  headers: Readonly<Record<string, string[] | undefined>>;
};

/**
 * Loopback is no border: every page in the person's browser can reach it, under any name that resolves to it. So each
 * request must show that this server's own page, or the person's own hand, sent it: the exact Host (against DNS
 * rebinding), Fetch Metadata (W3C, Sec-Fetch-Site), and the exact Origin on all that is more than reading a file.
 *
 * @param authorities the values of Host this server answers to, such as `127.0.0.1:8123`
 * @returns undefined when nothing speaks against the request; what is missing or doubled counts as wrong.
 */
export function refusalOf(asked: Asked, authorities: readonly string[]): Refusal | undefined {
  const host = sentAs(asked, 'host');
  if (host === undefined || !authorities.includes(host)) return wrongHost(authorities);
  if (!isFromHere(asked)) return foreign;
  if (!isRead(asked) && sentAs(asked, 'origin') !== `http://${host}`) return foreign;
  const allowed = methodsOf(asked.pathname);
  return allowed.includes(asked.method) ? undefined : wrongMethod(asked.pathname, allowed);
}

/** The opening of a WebSocket: browsers always send its Origin (RFC 6455 §4.1), not all of them Sec-Fetch-Site. */
export function socketRefusalOf(asked: Asked, authorities: readonly string[]): Refusal | undefined {
  const host = sentAs(asked, 'host');
  if (host === undefined || !authorities.includes(host)) return wrongHost(authorities);
  if ((sentAs(asked, 'sec-fetch-site') ?? 'same-origin') !== 'same-origin') return foreign;
  if (sentAs(asked, 'origin') !== `http://${host}`) return foreign;
  if (asked.method !== 'GET' || asked.pathname !== '/events') return noSuchStream;
  return undefined;
}

/**
 * A client that is no browser says nothing about its site; it may read the files, which hold no secret, and nothing
 * else. A person who opens the address (terminal, bookmark, address bar) has no site behind them: `none`.
 */
function isFromHere(asked: Asked): boolean {
  switch (sentAs(asked, 'sec-fetch-site')) {
    case 'same-origin':
      return true;
    case 'none':
      return isNavigation(asked);
    case undefined:
      return isRead(asked) && !isCall(asked.pathname);
    default:
      return false;
  }
}

const isNavigation = (asked: Asked) =>
  asked.method === 'GET' &&
  asked.pathname === '/' &&
  sentAs(asked, 'sec-fetch-mode') === 'navigate' &&
  sentAs(asked, 'sec-fetch-dest') === 'document';

const isRead = ({ method }: Asked) => method === 'GET' || method === 'HEAD';
const isCall = (pathname: string) => pathname === '/session' || pathname === '/call';
const methodsOf = (pathname: string) => (isCall(pathname) ? ['POST'] : ['GET', 'HEAD']);

/** A header sent twice is joined, so that it equals nothing that is allowed. */
const sentAs = ({ headers }: Asked, name: string) => headers[name]?.join(', ');

const wrongHost = (authorities: readonly string[]): Refusal => ({
  status: 421,
  code: 'wrong_host',
  message: `This is not the server you asked for. Countersign answers at http://${authorities[0]}/ only.`,
});

const foreign: Refusal = {
  status: 403,
  code: 'foreign',
  message:
    'Countersign answers only its own page. Open the address that it printed in the terminal, by hand.',
};

const noSuchStream: Refusal = { status: 404, code: 'not_found', message: 'There is no such stream.' };

const wrongMethod = (pathname: string, allowed: string[]): Refusal => ({
  status: 405,
  code: 'wrong_method',
  message: `${pathname} takes ${allowed.join(' or ')} only.`,
  headers: { allow: allowed.join(', ') },
});
