import { useEffect, useState } from 'react';

/** Long enough that nobody's next letter asks the host again. */
const SETTLED_MS = 250;

/** What was typed, once the typing paused; without the white space around it. */
export function useDeferredText(typed: string): string {
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return text;
}
