import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';

/** Copies a text and says whether that worked. */
export function CopyButton({ text, children }: { text: string; children: ReactNode }) {
  const [said, say] = useState('');
  return (
    <>
      <Button
        small
        onClick={() =>
          navigator.clipboard
            .writeText(text)
            .then(() => say('Copied'))
            .catch(() => say('Not copied: select the text instead'))
        }
      >
        {children}
      </Button>
      <span role="status" className="field-hint">
        {said}
      </span>
    </>
  );
}
