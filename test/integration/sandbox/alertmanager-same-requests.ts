/** A time that both servers fill in themselves is now, give or take; times from requests must come back as they were. */
const minutesAway = 20;

export type Spoken = { status: number; type: string | null; allow: string; body: unknown };
export type Ask = (
  method: string,
  path: string,
  body?: string | undefined,
  headers?: Record<string, string> | undefined,
) => Promise<Spoken>;

/** Asks one server; what no two servers can have in common (ids, times of now) is replaced by what they have. */
export function asker(baseUrl: string, authorization: Record<string, string> = {}): Ask & { ids: string[] } {
  const ids: string[] = [];
  const ask: Ask = async (method, path, body, headers = {}) => {
    const filledIn = (text: string) => text.replaceAll(/<id (\d+)>/g, (_all, at) => ids[Number(at)] ?? '');
    const reply = await fetch(`${baseUrl}${filledIn(path)}`, {
      method,
      headers: { ...authorization, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: filledIn(body) }),
    });
    const text = await reply.text();
    return {
      status: reply.status,
      type: reply.headers.get('content-type'),
      allow: sortedList(reply.headers.get('allow') ?? ''),
      body:
        text === ''
          ? null
          : common(reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text, ids),
    };
  };
  return Object.assign(ask, { ids });
}

function common(value: unknown, ids: string[]): unknown {
  if (typeof value === 'string') return commonText(value, ids);
  if (Array.isArray(value)) return value.map((item) => common(item, ids)).sort(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, common(field, ids)]));
}

function commonText(text: string, ids: string[]): string {
  if (/^\d{4}-\d\d-\d\dT/.test(text)) {
    return Math.abs(Date.parse(text) - Date.now()) < minutesAway * 60_000 ? '<now>' : text;
  }
  const listed = text.replace(/(?<=but \[)[A-Z,]+/, sortedList);
  return listed.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
    if (id.startsWith('00000000')) return id;
    if (!ids.includes(id)) ids.push(id);
    return `<id ${ids.indexOf(id)}>`;
  });
}

/** The real server lists the alerts of a group and the methods of a path in no order, and silences by their ids. */
function inOrder(one: unknown, other: unknown): number {
  const key = (item: unknown) => {
    if (typeof item === 'string') return item;
    return typeof item === 'object' && item !== null && 'fingerprint' in item ? String(item.fingerprint) : '';
  };
  return key(one) < key(other) ? -1 : Number(key(one) > key(other));
}

const sortedList = (text: string) => text.split(',').sort().join(',');
