import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { AnalystStep } from '../../shared/vocabulary/analyst.ts';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { counted } from '../ui/words.ts';
import { type RunSteps, runsOf } from './runs.ts';
import { StepContent } from './step-content.tsx';

/** What the analyst does as it happens, run by run; the newest is open, and so is what a person opened. */
export function Steps({ steps }: { steps: AnalystStep[] }) {
  const box = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const [chosen, setChosen] = useState<Readonly<Record<number, boolean>>>({});
  const runs = useMemo(() => runsOf(steps), [steps]);
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
      {runs.map((run, index) => {
        const open = chosen[run.first] ?? index === runs.length - 1;
        return (
          <Run
            key={run.first}
            run={run}
            open={open}
            onToggle={() => setChosen({ ...chosen, [run.first]: !open })}
          />
        );
      })}
    </div>
  );
}

function Run({ run, open, onToggle }: { run: RunSteps; open: boolean; onToggle(): void }) {
  const [first] = run.steps;
  return (
    <div className="run">
      <button type="button" className="run-head" aria-expanded={open} onClick={onToggle}>
        {open ? <ChevronDown size={13} aria-hidden /> : <ChevronRight size={13} aria-hidden />}
        <span className="run-heading">
          <Inert text={run.heading} />
        </span>
        <span className="muted run-count">
          {counted(run.reads, 'read')}
          {first && (
            <>
              {' · '}
              <Time atMs={first.atMs} />
            </>
          )}
        </span>
      </button>
      {open && (
        <ol>
          {run.steps.map((step) => (
            <li key={step.seq} className={`step step-${step.step.kind}`}>
              <span className="step-when">
                <Time atMs={step.atMs} />
              </span>
              <StepContent step={step.step} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
