import { Notification } from 'electron';
import { inertLine } from '../../shared/formats/inert-text.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';

/** Something a person should hear of while they look elsewhere. An urgent one is shown whatever else is. */
export type News = { title: string; body: string; incident: IncidentId | null; urgent: boolean };

/** At most so many within the time; what comes beyond it is counted in the tray and stands on the screen. */
const BURST = { most: 4, withinMs: 10_000 };

/**
 * Native notifications, for whoever looks elsewhere. A storm of alerts must not become a storm of notifications; a stop is
 * always told. INVARIANT: a notification is referred to until it is gone: one that is garbage-collected loses its click.
 */
export function notifier(options: { now(): number; isWatched(): boolean; onClick(news: News): void }) {
  const { now, isWatched, onClick } = options;
  const shown = new Set<Notification>();
  let recent: number[] = [];

  return function notify(news: News): void {
    if (!Notification.isSupported()) return;
    if (!news.urgent) {
      if (isWatched()) return;
      recent = recent.filter((atMs) => now() - atMs < BURST.withinMs);
      if (recent.length >= BURST.most) return;
      recent.push(now());
    }
    const notification = new Notification({
      title: plain(news.title),
      body: plain(news.body),
      urgency: news.urgent ? 'critical' : 'normal',
    });
    shown.add(notification);
    notification.on('click', () => onClick(news));
    for (const end of ['close', 'failed'] as const)
      notification.on(end as 'close', () => void shown.delete(notification));
    notification.show();
    // Systems that never tell of an end must not make it grow without one.
    for (const oldest of shown) if (shown.size > MOST_KEPT) shown.delete(oldest);
  };
}

const MOST_KEPT = 32;

const MOST_CHARACTERS = 160;

/** Notification servers of Linux read markup: what could be a tag or an entity is made to look the same. */
function plain(text: string): string {
  const characters = [...inertLine(text)];
  const line =
    characters.length <= MOST_CHARACTERS
      ? characters.join('')
      : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
  return line.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');
}
