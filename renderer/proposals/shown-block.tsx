import { Box, Boxes, Globe, Layers, type LucideIcon } from 'lucide-react';
import { shownLines } from '../../shared/formats/shown-text.ts';
import type { BlastClass, Proposal } from '../../shared/vocabulary/proposal.ts';
import { Copyable } from '../ui/copyable.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';

/**
 * INVARIANT: exactly the lines that an approval signs, in their order, all of them, never folded. With `only`, those of
 * them that stand a second time beside the button, in short.
 */
export function ShownBlock({ proposal, only }: { proposal: Proposal; only?: readonly string[] }) {
  const lines = shownLines(proposal).filter(({ label }) => only === undefined || only.includes(label));
  return (
    <dl className="shown">
      {lines.map(({ label, text }) => (
        <div key={label} className="shown-line">
          <dt>{label}</dt>
          <dd>
            {only && label === 'Back-out' ? (
              <code className="inert">{inertLine(text)}</code>
            ) : (
              <LineText label={label} text={text} blast={proposal.blastRadius.class} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function LineText({ label, text, blast }: { label: string; text: string; blast: BlastClass }) {
  switch (label) {
    case 'Blast radius':
      return <Blast blast={blast} text={text} />;
    case 'Back-out':
      return <Copyable text={text} label="Copy the undo command" />;
    case 'Will run':
      return <code className="inert">{inertLine(text)}</code>;
    case 'Why':
      return <Inert text={text} lines />;
    default:
      return <Inert text={text} />;
  }
}

const BLAST: Record<BlastClass, { icon: LucideIcon; step: number }> = {
  pod: { icon: Box, step: 1 },
  deployment: { icon: Boxes, step: 2 },
  namespace: { icon: Layers, step: 3 },
  cluster: { icon: Globe, step: 4 },
};

/** Four steps of one hue, an icon and, in the text, the word. */
function Blast({ blast, text }: { blast: BlastClass; text: string }) {
  const { icon: Icon, step } = BLAST[blast];
  return (
    <span className={`blast blast-${step}`}>
      <Icon size={14} aria-hidden />
      <span className="blast-steps" aria-hidden>
        {[1, 2, 3, 4].map((one) => (
          <span key={one} className={one <= step ? 'blast-on' : ''} />
        ))}
      </span>
      <Inert text={text} />
    </span>
  );
}
