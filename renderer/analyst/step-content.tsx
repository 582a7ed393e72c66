import {
  ChevronDown,
  ChevronRight,
  FileSearch,
  Lightbulb,
  MessageCircleQuestion,
  MessageSquareText,
  Play,
  Square,
  Stamp,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AnalystStep } from '../../shared/vocabulary/analyst.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { counted } from '../ui/words.ts';
import { Answer } from './answer.tsx';

/** One line of what the analyst did. */
export function StepContent({ step }: { step: AnalystStep['step'] }) {
  switch (step.kind) {
    case 'started':
      return (
        <Line icon={<Play size={13} aria-hidden />}>
          Started with <Inert text={step.model} />: <Inert text={step.because} />
        </Line>
      );
    case 'said':
      return (
        <Line icon={<MessageSquareText size={13} aria-hidden />}>
          <Inert text={step.text} lines />
        </Line>
      );
    case 'read':
      return <ReadStep {...step} />;
    case 'stated':
      return (
        <Line icon={<Lightbulb size={13} aria-hidden />}>
          Suggests {counted(step.hypotheses, 'hypothesis', 'hypotheses')}
          {step.dropped > 0 && `; ${step.dropped} dropped because their evidence could not be found`}
        </Line>
      );
    case 'proposed':
      return (
        <Line icon={<Stamp size={13} aria-hidden />}>
          Proposes “<Inert text={step.title} />
          ”. Guard: <Inert text={step.verdict} />
        </Line>
      );
    case 'asked':
      return (
        <Line icon={<MessageCircleQuestion size={13} aria-hidden />}>
          <Inert text={step.person} /> asks: <Inert text={step.question} />
        </Line>
      );
    case 'answered':
      return <Answer {...step} />;
    case 'ended':
      return (
        <Line icon={<Square size={12} aria-hidden />}>
          Ended: <Inert text={step.because} />
        </Line>
      );
    default:
      return step satisfies never;
  }
}

const Line = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <p className="step-line">
    {icon}
    <span>{children}</span>
  </p>
);

function ReadStep({
  tool,
  arguments: given,
  found,
  failed,
  digest,
}: Extract<AnalystStep['step'], { kind: 'read' }>) {
  const [open, setOpen] = useState(false);
  const short = Object.values(given)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(', ');
  return (
    <div>
      <button type="button" className="step-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <FileSearch size={13} aria-hidden />
        <span className="step-text">
          <code>
            <Inert text={tool} />
          </code>{' '}
          <span className="muted">
            <Inert text={short} />
          </span>
          {failed && <Chip tone="bad">failed</Chip>}
          {!open && (
            <span className="step-found">
              <Inert text={found} />
            </span>
          )}
        </span>
        {open ? <ChevronDown size={13} aria-hidden /> : <ChevronRight size={13} aria-hidden />}
      </button>
      {open && (
        <div className="step-detail">
          <p className="inert">
            <Inert text={found} lines />
          </p>
          <pre>
            <Inert text={JSON.stringify(given, null, 2)} lines />
          </pre>
          <p className="muted">
            SHA-256 of the whole result <code>{digest.slice(0, 16)}…</code>
          </p>
        </div>
      )}
    </div>
  );
}
