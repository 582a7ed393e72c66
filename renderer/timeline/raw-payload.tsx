import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Payload } from '../../shared/vocabulary/payload.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { countOf } from '../ui/words.ts';

/** What the source delivered of an event, word for word; read, and held against its digest, when it is asked for. */
export function RawPayload({ event, digest }: { event: Event; digest: string }) {
  const [payload, setPayload] = useState<Payload | null>(null);
  const [open, setOpen] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const toggle = () => {
    setOpen(!open);
    if (!open && payload === null)
      void attempt(async () =>
        setPayload(await call('timeline.payload', { incident: event.incident, key: event.key })),
      );
  };
  return (
    <div className="raw-payload">
      <button type="button" className="raw-toggle" aria-expanded={open} onClick={toggle}>
        {open ? <ChevronDown size={13} aria-hidden /> : <ChevronRight size={13} aria-hidden />}
        Raw payload
      </button>
      {open && (
        <>
          {busy && <p className="muted">Reading what was delivered</p>}
          {problem && <Problem>{problem}</Problem>}
          {payload && <Found payload={payload} title={inertLine(event.title)} />}
          <p className="muted raw-digest">
            SHA-256 <code>{digest}</code>
          </p>
        </>
      )}
    </div>
  );
}

function Found({ payload, title }: { payload: Payload; title: string }) {
  switch (payload.kind) {
    case 'kept':
      return (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
          <section className="raw-text" aria-label={`What the source delivered of ${title}`} tabIndex={0}>
            <pre>
              <Inert text={payload.text} lines />
            </pre>
          </section>
          <p className="raw-about">
            <CopyButton text={payload.text}>Copy the payload</CopyButton>
            <span className="muted">
              {countOf(payload.text.length)} characters{payload.isCut && ', the beginning of more'}; secrets
              are hidden, and it has the digest that stands below.
            </span>
          </p>
        </>
      );
    case 'absent':
      return <p>It was not kept: of this incident more was delivered than is kept.</p>;
    case 'erased':
      return <p>It was erased under a retention rule, by entry {payload.by} of the ledger.</p>;
    case 'altered':
      return (
        <Problem>What is kept is not what was delivered: it does not have the digest of the event.</Problem>
      );
  }
}
