import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';
import { inertLine } from './inert-text.ts';

/** A command or digest with a button that puts the exact text on the clipboard. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const [said, say] = useState('');
  const copy = () =>
    navigator.clipboard
      .writeText(text)
      .then(() => say('Copied'))
      .catch(() => say('Not copied: select the text instead'));
  return (
    <span className="copyable">
      <code className="inert">{inertLine(text)}</code>
      <Button look="quiet" small aria-label={label} title={label} onClick={copy} onBlur={() => say('')}>
        {said === 'Copied' ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
      </Button>
      <span className={said === '' || said === 'Copied' ? 'visually-hidden' : 'field-hint'} role="status">
        {said}
      </span>
    </span>
  );
}
