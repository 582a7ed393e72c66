import { suspicionsIn } from '../../shared/formats/suspicious-text.ts';
import { Chip } from './chip.tsx';

/** Says of a text from outside that it looks like instructions. A mark for the reader: it blocks nothing. */
export function SuspiciousMark({ text }: { text: string }) {
  const suspicions = suspicionsIn(text);
  if (suspicions.length === 0) return null;
  const because = suspicions.map(({ sentence }) => sentence).join('; ');
  return (
    <Chip tone="warn" title={`Shown and quoted as data, and nothing else: ${because}`}>
      suspicious telemetry
      <span className="visually-hidden">: {because}</span>
    </Chip>
  );
}
