import type { DebriefLine } from '../../shared/vocabulary/drill.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { sinceBegan, WAS } from './part-words.ts';

/** What happened beside what was done, with the time between them. */
export function TwoLanes({ timeline }: { timeline: readonly DebriefLine[] }) {
  return (
    <section aria-label="What happened against what was done">
      <h2 className="section-title">What happened against what was done</h2>
      <div className="box">
        <table className="lanes">
          <thead>
            <tr>
              <th scope="col" className="lanes-world">
                What happened
              </th>
              <th scope="col" className="lanes-when">
                When
              </th>
              <th scope="col">What was done</th>
            </tr>
          </thead>
          <tbody>
            {timeline.map((line, index) => (
              // A line has no other name than its place: two alerts of one moment may say the same.
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a debrief never change.
              <tr key={index} className={line.at === 0 && line.lane === 'world' ? 'lanes-began' : undefined}>
                <td className="lanes-world">{line.lane === 'world' && <Line line={line} />}</td>
                <td className="lanes-when">{sinceBegan(line.at)}</td>
                <td>{line.lane === 'room' && <Line line={line} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ line: { title, was } }: { line: DebriefLine }) {
  const look = WAS[was];
  return (
    <span className="lanes-line">
      <Inert text={title} />
      {look && <Chip tone={look.tone}>{look.word}</Chip>}
    </span>
  );
}
