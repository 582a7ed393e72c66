import { X } from 'lucide-react';
import { useEffect } from 'react';
import { type Announcement, dismiss, useAnnouncements } from '../state/announcements.ts';
import { Button } from '../ui/button.tsx';
import { inertLine } from '../ui/inert-text.ts';

const SHOWN_MS = 8_000;

/** What is said to assistive tools, and the same on the screen for a moment. */
export function LiveRegions({ inRoom }: { inRoom: boolean }) {
  const all = useAnnouncements((announcements) => announcements.all);
  useEffect(() => {
    // What the room showed as it happened is not told again when it is left.
    for (const { id, shown } of all) if (inRoom && shown === 'outside the room') dismiss(id);
  }, [all, inRoom]);
  return (
    <>
      <div className="visually-hidden" aria-live="polite" data-live="polite">
        {all.filter(({ how }) => how === 'polite').map(line)}
      </div>
      <div className="visually-hidden" aria-live="assertive" data-live="assertive">
        {all.filter(({ how }) => how === 'assertive').map(line)}
      </div>
      <section className="toasts" aria-label="Messages">
        {all
          .filter(({ shown }) => shown === 'always' || (shown === 'outside the room' && !inRoom))
          .map((one) => (
            <Toast key={one.id} {...one} />
          ))}
      </section>
    </>
  );
}

const line = ({ id, text }: Announcement) => <p key={id}>{inertLine(text)}</p>;

function Toast({ id, text, how }: Announcement) {
  useEffect(() => {
    // A failure stays until it is put away.
    if (how === 'assertive') return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, how]);
  return (
    <div className={`toast toast-${how}`}>
      <p>{inertLine(text)}</p>
      <Button look="quiet" small aria-label="Dismiss" onClick={() => dismiss(id)}>
        <X size={13} aria-hidden />
      </Button>
    </div>
  );
}
