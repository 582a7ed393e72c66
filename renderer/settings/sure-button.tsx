import { useState } from 'react';
import { Button } from '../ui/button.tsx';

type Props = {
  verb: 'Remove' | 'Revoke';
  /** What it is done to, fit to be shown in one line. */
  name: string;
  busy: boolean;
  small?: boolean;
  onSure(): void;
};

/** What cannot be undone takes two clicks; whoever goes elsewhere after the first has not said it. */
export function SureButton({ verb, name, busy, small = false, onSure }: Props) {
  const [sure, setSure] = useState(false);
  const words = sure ? `Really ${verb.toLowerCase()}` : verb;
  return (
    <Button
      small={small}
      look={sure ? 'stop' : 'quiet'}
      aria-label={`${words} ${name}`}
      disabled={busy}
      onBlur={() => setSure(false)}
      onClick={() => (sure ? onSure() : setSure(true))}
    >
      {words}
    </Button>
  );
}
