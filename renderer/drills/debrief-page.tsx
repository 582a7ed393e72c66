import { Download, FlaskConical } from 'lucide-react';
import { useState } from 'react';
import type { Debrief } from '../../shared/vocabulary/drill.ts';
import { IncidentId } from '../../shared/vocabulary/ids.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useRead } from '../state/use-read.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Time } from '../ui/time.tsx';
import { Comparison } from './comparison.tsx';
import { Judgement } from './judgement.tsx';
import { Score } from './score.tsx';
import { Times } from './times.tsx';
import { Truth } from './truth.tsx';
import { TwoLanes } from './two-lanes.tsx';
import './debrief.css';

type Links = { room(incident: string): string; debrief(incident: string): string };

/** What a drill came to, read when it has ended. */
export function DebriefPage({ incident, links }: { incident: string; links: Links }) {
  const debrief = useRead(incident, () => call('drills.debrief', { incident: IncidentId.parse(incident) }));

  return (
    <div className="page">
      <div className="page-inner">
        {debrief.value === null && <h1 className="page-title">Debrief</h1>}
        <WhenRead of={debrief} loading="Reading the debrief" failed="There is no debrief to read">
          {(one) => <Read debrief={one} links={links} />}
        </WhenRead>
      </div>
    </div>
  );
}

function Read({ debrief, links }: { debrief: Debrief; links: Links }) {
  const { busy, problem, attempt } = useAttempt();
  const [said, say] = useState('');
  const save = () =>
    attempt(async () => {
      const file = await call('drills.exportDebrief', { incident: debrief.incident });
      saveFile(file);
      say(`Saved as ${file.fileName}`);
    });
  return (
    <>
      <div className="page-head debrief-head">
        <div className="debrief-title">
          <h1 className="page-title">Debrief</h1>
          <p>
            <Inert text={debrief.title} />
          </p>
          <p className="debrief-facts muted">
            <Chip tone="accent">Drill</Chip>
            <Inert text={debrief.scenario} /> · seed {debrief.seed} · difficulty {debrief.difficulty} of 5 ·{' '}
            <Inert text={debrief.person} /> · <Time atMs={debrief.endedMs} as="day" />
          </p>
        </div>
        <span className="panel-gap" />
        <span role="status" className="field-hint">
          {said}
        </span>
        <a className="button button-quiet" href={links.room(debrief.incident)}>
          See the room
        </a>
        <Button disabled={busy} onClick={() => void save()}>
          <Download size={14} aria-hidden />
          Export as Markdown
        </Button>
        <Button look="primary" onClick={() => openDialog('drill')}>
          <FlaskConical size={14} aria-hidden />
          Run another drill
        </Button>
      </div>
      {problem && <Problem>The debrief was not exported: {problem}</Problem>}
      <Score debrief={debrief} />
      <Times debrief={debrief} />
      <Truth truth={debrief.truth} />
      <Judgement debrief={debrief} />
      <TwoLanes timeline={debrief.timeline} />
      <Comparison debrief={debrief} address={links.debrief} />
    </>
  );
}
