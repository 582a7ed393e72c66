import { inertLine, inertText } from './inert-text.ts';

/** Text from outside: shown as text, with everything that would steer written out. */
export function Inert({ text, lines = false }: { text: string; lines?: boolean }) {
  return <span className="inert">{lines ? inertText(text) : inertLine(text)}</span>;
}
