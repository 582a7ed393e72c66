import type { Debrief, Standing } from '../../shared/vocabulary/drill.ts';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';

type Props = { debrief: Debrief; address(incident: string): string };

/** This drill beside earlier ones of the same person. */
export function Comparison({ debrief, address }: Props) {
  const { all, sameScenario, last } = debrief.comparison;
  const drills = [...last, debrief];
  return (
    <section aria-label="Beside earlier drills">
      <h2 className="section-title">
        Beside earlier drills of <Inert text={debrief.person} />
      </h2>
      <div className="box debrief-comparison">
        <div className="debrief-standings">
          <StandingOf name="All drills" standing={all} />
          <StandingOf name="This scenario" standing={sameScenario} />
          {last.length > 0 && <Sparkline scores={drills.map(({ score }) => score)} />}
        </div>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Ended</th>
              <th scope="col">Drill</th>
              <th scope="col">Difficulty</th>
              <th scope="col" className="debrief-number">
                Score
              </th>
            </tr>
          </thead>
          <tbody>
            {drills.toReversed().map((one) => (
              <tr key={one.incident} className={one === debrief ? 'debrief-this' : undefined}>
                <td>
                  <Time atMs={one.endedMs} as="day" />
                </td>
                <td>
                  {one === debrief ? (
                    <>
                      <Inert text={one.title} /> <span className="muted">(this one)</span>
                    </>
                  ) : (
                    <a href={address(one.incident)}>
                      <Inert text={one.title} />
                    </a>
                  )}
                </td>
                <td>{one.difficulty} of 5</td>
                <td className="debrief-number">{one.score}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function StandingOf({ name, standing }: { name: string; standing: Standing }) {
  const { earlier, best, median, rank } = standing;
  return (
    <div className="debrief-standing">
      <h3>{name}</h3>
      {earlier === 0 ? (
        <p className="muted">The first one.</p>
      ) : (
        <p>
          <strong>
            {rank}. of {earlier + 1}
          </strong>{' '}
          <span className="muted">
            best before {best}, median {median}
          </span>
        </p>
      )}
    </div>
  );
}

const WIDTH = 180;
const HEIGHT = 44;
const EDGE = 5;

/** The scores in the order they were reached, the newest as a dot. */
function Sparkline({ scores }: { scores: readonly number[] }) {
  const x = (index: number) => EDGE + (index * (WIDTH - 2 * EDGE)) / Math.max(1, scores.length - 1);
  const y = (score: number) => HEIGHT - EDGE - (score * (HEIGHT - 2 * EDGE)) / 100;
  const last = scores.length - 1;
  return (
    <svg
      className="debrief-sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`Scores, oldest first: ${scores.join(', ')}`}
    >
      <line x1={EDGE} x2={WIDTH - EDGE} y1={y(0)} y2={y(0)} className="debrief-spark-ground" />
      <polyline
        points={scores.map((score, index) => `${x(index)},${y(score)}`).join(' ')}
        className="debrief-spark-line"
      />
      <circle cx={x(last)} cy={y(scores[last] ?? 0)} r={3.5} className="debrief-spark-now" />
    </svg>
  );
}
