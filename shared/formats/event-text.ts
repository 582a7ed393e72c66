import type { Event } from '../vocabulary/event.ts';

/** Everything in an event that somebody else may have written, as one text. */
export function eventText(event: Event | undefined): string {
  if (!event || event.kind === 'note' || event.kind === 'record') return '';
  const { title, detail, labels } = event;
  const parts = [title, detail ?? '', ...Object.values(labels ?? {})];
  if (event.kind === 'change')
    parts.push(
      event.actor ?? '',
      ...(event.diff ?? []).flatMap(({ before, after }) => [before ?? '', after ?? '']),
    );
  return parts.filter((part) => part !== '').join('\n');
}
