import { FastForward, Play, Square } from 'lucide-react';
import { useState } from 'react';
import type { AnalystRun } from '../../shared/vocabulary/analyst.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call, messageOf } from '../state/call.ts';
import { useStopped } from '../state/host.ts';
import { useIntent } from '../state/intents.ts';
import { useRoom } from '../state/room.ts';
import { Button } from '../ui/button.tsx';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { Empty, Loading, Problem } from '../ui/panel-states.tsx';
import { AskBox } from './ask-box.tsx';
import './analyst.css';
import { Budget } from './budget.tsx';
import { Saying } from './saying.tsx';
import { Steps } from './steps.tsx';

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
  const tell = (command: 'analyst.start' | 'analyst.stop' | 'analyst.resume') => {
    setProblem(null);
    call(command, { incident: incident.id }).catch((error: unknown) => setProblem(messageOf(error)));
  };
  const toggle = () => tell(reading ? 'analyst.stop' : 'analyst.start');
  useIntent('analyst.toggle', toggle);
  if (!run) return <Loading what="Reading the room" />;

  const { word, tone } = STATES[run.state];
  const mayRead = !stopped && incident.status !== 'closed';
  const wasCut = run.state === 'stopped' || run.state === 'failed';
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
        {wasCut && (
          <Button
            small
            disabled={!mayRead}
            title="Goes on with what it had read"
            onClick={() => tell('analyst.resume')}
          >
            <FastForward size={12} aria-hidden />
            Go on
          </Button>
        )}
        <Button small disabled={!reading && !mayRead} onClick={toggle}>
          {reading ? <Square size={12} aria-hidden /> : <Play size={12} aria-hidden />}
          {reading ? 'Stop the analyst' : 'Start the analyst'}
        </Button>
      </div>
      <p className="muted analyst-why">
        <Inert text={run.why} />
      </p>
      <Budget budget={run.budget} />
      <p className="analyst-sent">
        <a href={`#/sent/${encodeURIComponent(incident.id)}`}>What left this machine</a>
      </p>
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
      <Saying text={run.saying} />
      <AskBox incident={incident} />
    </section>
  );
}
