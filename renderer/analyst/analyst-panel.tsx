import {
  ChevronDown,
  ChevronRight,
  FileSearch,
  Lightbulb,
  MessageSquareText,
  Play,
  Square,
  Stamp,
} from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AnalystRun, AnalystStep } from '../../shared/vocabulary/analyst.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call, messageOf } from '../state/call.ts';
import { useStopped } from '../state/host.ts';
import { useIntent } from '../state/intents.ts';
import { useRoom } from '../state/room.ts';
import { Button } from '../ui/button.tsx';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { Empty, Loading, Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { counted, countOf, duration } from '../ui/words.ts';
import './analyst.css';

const STATES: Record<AnalystRun['state'], { word: string; tone: Tone }> = {
  idle: { word: 'Idle', tone: 'plain' },
  reading: { word: 'Reading', tone: 'accent' },
  stopped: { word: 'Stopped', tone: 'warn' },
  done: { word: 'Done', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
};

/** What the analyst reads and what it makes of it, as it happens. */
export function AnalystPanel({ incident }: { incident: Incident }) {
  const run = useRoom((room) => room.analyst);
  const stopped = useStopped();
  const [problem, setProblem] = useState<string | null>(null);
  const reading = run?.state === 'reading';
  const toggle = () => {
    setProblem(null);
    call(reading ? 'analyst.stop' : 'analyst.start', { incident: incident.id }).catch((error: unknown) =>
      setProblem(messageOf(error)),
    );
  };
  useIntent('analyst.toggle', toggle);
  if (!run) return <Loading what="Reading the room" />;

  const { word, tone } = STATES[run.state];
  return (
    <section className="panel" aria-label="Analyst">
      <div className="panel-head">
        <Chip tone={tone}>
          {reading && <span className="spinner" aria-hidden />}
          {word}
        </Chip>
        <span className="muted analyst-model">
          <Inert text={run.model} />
        </span>
        <span className="panel-gap" />
        <Button small disabled={!reading && (stopped || incident.status === 'closed')} onClick={toggle}>
          {reading ? <Square size={12} aria-hidden /> : <Play size={12} aria-hidden />}
          {reading ? 'Stop the analyst' : 'Start the analyst'}
        </Button>
      </div>
      <Budget run={run} />
      {problem && <Problem>{problem}</Problem>}
      {run.steps.length === 0 ? (
        <Empty title="The analyst has not read anything yet.">
          <p>
            Each thing it reads, with its arguments and what it found, appears here and in the ledger. It only
            reads.
          </p>
        </Empty>
      ) : (
        <Steps steps={run.steps} />
      )}
    </section>
  );
}

function Budget({ run: { budget } }: { run: AnalystRun }) {
  const parts = [
    { name: 'Turns', ...budget.turns, told: countOf },
    { name: 'Reads', ...budget.reads, told: countOf },
    { name: 'Time', ...budget.wallMs, told: duration },
  ];
  return (
    <dl className="budget" aria-label="Budget">
      {parts.map(({ name, used, limit, told }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {told(used)} of {told(limit)}
            <meter min={0} max={limit || 1} value={used} aria-label={`${name} used`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Steps({ steps }: { steps: AnalystStep[] }) {
  const box = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows new steps for whoever is at the bottom.
  useLayoutEffect(() => {
    if (atBottom.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [steps.length]);
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, []);
  return (
    <div
      ref={box}
      className="steps"
      role="log"
      aria-label="What the analyst does"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: at }) => {
        atBottom.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
      }}
    >
      <ol>
        {steps.map((step) => (
          <li key={step.seq} className={`step step-${step.step.kind}`}>
            <span className="step-when">
              <Time atMs={step.atMs} />
            </span>
            <StepContent step={step.step} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function StepContent({ step }: { step: AnalystStep['step'] }) {
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
