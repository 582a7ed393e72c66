import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { SentRequest } from '../../shared/vocabulary/sent.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { counted, countOf } from '../ui/words.ts';

/** One request; its exact text is read when it is asked for. */
export function SentRow({ request }: { request: SentRequest }) {
  const { id, incident, atMs, model, baseUrl, bytes, digest, masked } = request;
  const [text, setText] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const toggle = () => {
    setOpen(!open);
    if (!open && text === null)
      void attempt(async () => setText((await call('sent.text', { incident, request: id })).text));
  };
  return (
    <li className="sent-row">
      <div className="sent-head">
        <Time atMs={atMs} />
        <strong>{countOf(bytes)} bytes</strong>
        <span>
          to <Inert text={model} /> at <Inert text={baseUrl} />
        </span>
        <Masked masked={masked} />
        <button type="button" className="sent-toggle" aria-expanded={open} onClick={toggle}>
          {open ? <ChevronDown size={13} aria-hidden /> : <ChevronRight size={13} aria-hidden />}
          {open ? 'Hide the exact text' : 'Show the exact text'}
          <span className="visually-hidden"> of {id}</span>
        </button>
      </div>
      {open && (
        <>
          {busy && <p className="muted">Reading the text</p>}
          {problem && <Problem>{problem}</Problem>}
          {text !== null && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
            <section className="sent-text" aria-label={`Exact text of ${id}`} tabIndex={0}>
              <pre>
                <Inert text={text} lines />
              </pre>
            </section>
          )}
          <p className="muted sent-digest">
            SHA-256, as it stands in the ledger: <code>{digest}</code>
          </p>
        </>
      )}
    </li>
  );
}

const KINDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  HELD: ['credential', 'credentials'],
  SECRET: ['secret', 'secrets'],
  EMAIL: ['e-mail address', 'e-mail addresses'],
  PHONE: ['phone number', 'phone numbers'],
  CARD: ['card', 'cards'],
  IBAN: ['account', 'accounts'],
  ID: ['personal number', 'personal numbers'],
  IP: ['network address', 'network addresses'],
  HOST: ['host name', 'host names'],
  LITERAL: ['look-alike token', 'look-alike tokens'],
};

function Masked({ masked }: { masked: SentRequest['masked'] }) {
  const parts = Object.entries(masked).map(([kind, count]) => {
    const [one, many] = KINDS[kind] ?? [kind, kind];
    return counted(count, one, many);
  });
  if (parts.length === 0) return <Chip>nothing masked</Chip>;
  return <Chip tone="accent">masked: {parts.join(', ')}</Chip>;
}
