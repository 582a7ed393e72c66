const KEY = 'countersign.tab';

/**
 * The session secret of this tab. A one-time token in the address (`#token=…`) is swapped for it and leaves the address
 * at once, so that it is in no history, bookmark or screenshot. Null: there is no way in.
 */
export async function signIn(): Promise<string | null> {
  const token = tokenInAddress();
  if (token === null) return sessionStorage.getItem(KEY);
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  const reply = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const tab = reply.ok ? tabOf(await reply.json()) : null;
  if (tab === null) return sessionStorage.getItem(KEY);
  sessionStorage.setItem(KEY, tab);
  return tab;
}

const tokenInAddress = () => new URLSearchParams(location.hash.replace(/^#\/?/, '')).get('token');

const tabOf = (body: unknown): string | null =>
  typeof body === 'object' && body !== null && 'tab' in body && typeof body.tab === 'string'
    ? body.tab
    : null;
