import { Failure } from '../../platform/failure.ts';
import { Refused } from '../../platform/http-reply.ts';
import { type AuditDetail, type AuditEntry, entriesPerPage, type LaunchDarklyApi } from './api.ts';

const mostPages = 50;

export type Stretch = { afterMs: number; beforeMs?: number; spec?: string };

/** Entries after a time, each once, the newest first. */
export async function entriesAfter(
  api: LaunchDarklyApi,
  stretch: Stretch,
  signal: AbortSignal,
): Promise<AuditEntry[]> {
  const { entries, restBeforeMs } = await newestEntries(api, stretch, signal);
  if (restBeforeMs === null) return entries;
  throw new Failure(
    'bad_reply',
    `LaunchDarkly holds more than ${mostPages * entriesPerPage} entries for this time, and some would be missed. Name its projects in the connection, or look at a shorter time.`,
  );
}

/**
 * As many of them as are read at once, and before which time the rest of them is; null where that is all. Pages by its links,
 * or by time where it gives none.
 */
export async function newestEntries(
  api: LaunchDarklyApi,
  { afterMs, beforeMs, spec }: Stretch,
  signal: AbortSignal,
): Promise<{ entries: AuditEntry[]; restBeforeMs: number | null }> {
  const found = new Map<string, AuditEntry>();
  const about = {
    limit: String(entriesPerPage),
    after: String(afterMs),
    ...(spec === undefined ? {} : { spec }),
  };
  const path = '/api/v2/auditlog';
  let asked: Parameters<LaunchDarklyApi['entries']>[0] = {
    path,
    query: { ...about, ...(beforeMs === undefined ? {} : { before: String(beforeMs) }) },
  };
  let restBeforeMs = 0;
  for (let page = 0; page < mostPages; page += 1) {
    const { entries, next } = await api.entries(asked, signal);
    const known = found.size;
    for (const entry of entries) if (entry.date >= afterMs) found.set(entry._id, entry);
    const oldest = entries.at(-1);
    const isLast = entries.length < entriesPerPage || !oldest || oldest.date < afterMs;
    if (isLast || (found.size === known && page > 0))
      return { entries: [...found.values()], restBeforeMs: null };
    // The millisecond of the last one again: several entries may share it.
    restBeforeMs = oldest.date + 1;
    asked = next ?? { path, query: { ...about, before: String(restBeforeMs) } };
  }
  return { entries: [...found.values()], restBeforeMs };
}

/** An entry with the flag before and after. Where these credentials are not shown that, what the list says. */
export async function detailed(
  api: LaunchDarklyApi,
  entry: AuditEntry,
  signal: AbortSignal,
): Promise<AuditDetail> {
  try {
    return await api.entry(entry._id, signal);
  } catch (error) {
    if (error instanceof Refused && (error.status === 403 || error.status === 404))
      return { ...entry, previousVersion: null, currentVersion: null };
    throw error;
  }
}
