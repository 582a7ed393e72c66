import { CircleCheck, Footprints, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { Debrief, Judged } from '../../shared/vocabulary/drill.ts';
import { Inert } from '../ui/inert.tsx';
import { sinceBegan } from './part-words.ts';

/** What was done and believed, judged now that the answer is known. */
export function Judgement({ debrief: { helped, harm, chased } }: { debrief: Debrief }) {
  return (
    <div className="debrief-judged">
      <Side title="What helped" icon={CircleCheck} all={helped} none="Nothing that helps was executed." />
      <Side
        title="Decoys followed"
        icon={Footprints}
        all={chased}
        none="No wrong cause stood first, and no approval rested on one."
      />
      <Side
        title="Harm done"
        icon={TriangleAlert}
        all={harm}
        none="Nothing that was done made it worse."
        bad
      />
    </div>
  );
}

type SideProps = { title: string; icon: LucideIcon; all: readonly Judged[]; none: string; bad?: boolean };

function Side({ title, icon: Icon, all, none, bad = false }: SideProps) {
  return (
    <section
      className={`box debrief-side ${bad && all.length > 0 ? 'debrief-side-bad' : ''}`}
      aria-label={title}
    >
      <h2 className="debrief-box-title">
        <Icon size={15} aria-hidden />
        {title}
        <span className="panel-count">{all.length > 0 ? all.length : ''}</span>
      </h2>
      {all.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul className="debrief-judgements">
          {all.map(({ at, title: what, sentence }) => (
            <li key={`${at} ${what}`}>
              <p className="debrief-what">
                <Inert text={what} />
              </p>
              <p className="muted">
                {sinceBegan(at)} · <Inert text={sentence} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
