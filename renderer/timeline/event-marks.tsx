import { ClockAlert, History, Pin, TriangleAlert } from 'lucide-react';
import { suspicionsIn } from '../../shared/formats/suspicious-text.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import { useHost } from '../state/host.ts';
import { skewWords } from './skew-words.ts';

/** What has to be known of a line before it is believed; signs, because there is no room for words. */
export function EventMarks({ event, text, pinned }: { event: Event; text: string; pinned: boolean }) {
  const skewMs = useSkewOf(event);
  return (
    <>
      {event.reconstructed && <Mark icon={History} says="reconstructed" />}
      {skewMs !== null && <Mark icon={ClockAlert} says={skewWords(skewMs)} warns />}
      {pinned && <Mark icon={Pin} says="pinned" />}
      {suspicionsIn(text).length > 0 && <Mark icon={TriangleAlert} says="suspicious telemetry" warns />}
    </>
  );
}

/** How far the clock that dated an event is ahead; null where it goes right, or a person dated it. */
export function useSkewOf({ kind, source }: Event): number | null {
  return useHost(({ status }) =>
    kind === 'signal' || kind === 'change'
      ? (status?.sources.find(({ name }) => name === source)?.skewMs ?? null)
      : null,
  );
}

function Mark({ icon: Icon, says, warns }: { icon: typeof Pin; says: string; warns?: boolean }) {
  return (
    <span
      className={warns ? 'event-mark event-mark-warns' : 'event-mark'}
      role="img"
      aria-label={says}
      title={says}
    >
      <Icon size={12} aria-hidden />
    </span>
  );
}
