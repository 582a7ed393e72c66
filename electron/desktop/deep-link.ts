import { IncidentId } from '../../shared/vocabulary/ids.ts';

/** The scheme that the system hands to this application; electron-builder.yml registers it. */
export const LINK_SCHEME = 'countersign';

/**
 * The incident that a link names. INVARIANT: a link comes from anywhere (a chat, a page, another program), so it can name an
 * incident and nothing else: no query, no fragment, no escapes, no other path. What is not exactly that is no link.
 */
export function incidentOfLink(link: string): IncidentId | undefined {
  const id = LINK.exec(link)?.[1];
  return id === undefined ? undefined : IncidentId.parse(id);
}

/** The link among the arguments of a start; Chromium puts switches of its own beside it, in any order. */
export const linkAmong = (args: readonly string[]): string | undefined =>
  args.find((arg) => arg.startsWith(`${LINK_SCHEME}:`));

/** Ids as the host makes them. Some systems put a slash at the end. */
const LINK = /^countersign:\/\/incident\/([A-Za-z0-9][A-Za-z0-9_-]{0,99})\/?$/;
