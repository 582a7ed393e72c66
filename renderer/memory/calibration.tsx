import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { Calibration, ReliabilityBin } from '../../shared/vocabulary/memory.ts';
import { call } from '../state/call.ts';
import { useRead } from '../state/use-read.ts';
import { WhenRead } from '../ui/panel-states.tsx';
import { counted, percent } from '../ui/words.ts';

/** How sure the analyst said it was, and how often it was right. */
export function CalibrationSection({ realm }: { realm: Realm }) {
  const calibration = useRead(realm, () => call('memory.calibration', { realm }));
  return (
    <section aria-labelledby="memory-calibration">
      <h3 id="memory-calibration" className="section-title">
        How sure it was, and how often right
      </h3>
      <WhenRead
        of={calibration}
        loading="Reading what was confirmed"
        failed="What was confirmed could not be read"
      >
        {(known) => <Shown calibration={known} />}
      </WhenRead>
    </section>
  );
}

function Shown({ calibration }: { calibration: Calibration }) {
  const { incidents, stated, confirmed, bins } = calibration;
  if (stated === null || confirmed === null) {
    return (
      <p className="muted">
        Each time a person confirms a cause, the analyst's first hypothesis is held against it here.
      </p>
    );
  }
  return (
    <>
      <p>
        In {counted(incidents, 'confirmed case')} the first hypothesis was believed {percent(stated)} on
        average, and right in {percent(confirmed)}. {ceilingSentence(calibration)}
      </p>
      <div className="calibration">
        <Plot bins={bins} />
        <table className="table">
          <caption className="visually-hidden">Stated confidence and how often it was right</caption>
          <thead>
            <tr>
              <th>Stated</th>
              <th>Cases</th>
              <th>Right</th>
            </tr>
          </thead>
          <tbody>
            {bins.map((bin) => (
              <tr key={bin.from}>
                <th scope="row">
                  {percent(bin.from)} to {percent(bin.to)}
                </th>
                <td>{bin.count}</td>
                <td>
                  {bin.between
                    ? `${bin.confirmed} (${percent(bin.between[0])} to ${percent(bin.between[1])})`
                    : '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function ceilingSentence({ incidents, needed, ceilingFactor }: Calibration): string {
  if (incidents < needed) return `From ${needed} cases on its ceiling may move.`;
  return ceilingFactor < 0.995
    ? `It was too sure: its confidence is held under ${percent(ceilingFactor)} of the usual ceiling.`
    : 'Its ceiling stands where it was.';
}

const SIZE = 150;
const EDGE = 22;
const x = (share: number) => EDGE + share * SIZE;
const y = (share: number) => EDGE / 2 + (1 - share) * SIZE;

/** A dot a bin with its interval; on the diagonal it is as often right as it is sure. The table beside it says the same. */
function Plot({ bins }: { bins: readonly ReliabilityBin[] }) {
  return (
    <svg
      className="calibration-plot"
      width={SIZE + EDGE + 8}
      height={SIZE + EDGE * 1.7}
      role="img"
      aria-label="Reliability: stated confidence to the right, share that was right upwards"
    >
      <rect x={x(0)} y={y(1)} width={SIZE} height={SIZE} className="plot-frame" />
      <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="plot-diagonal" />
      {bins.map(({ from, stated, count, confirmed, between }) =>
        stated === null || between === null ? null : (
          <g key={from}>
            <line
              x1={x(stated)}
              x2={x(stated)}
              y1={y(between[0])}
              y2={y(between[1])}
              className="plot-interval"
            />
            <circle
              cx={x(stated)}
              cy={y(confirmed / count)}
              r={3 + Math.min(4, Math.sqrt(count))}
              className="plot-dot"
            />
          </g>
        ),
      )}
      <text x={x(0.5)} y={y(0) + 20} textAnchor="middle">
        stated
      </text>
      <text x={10} y={y(0.5)} textAnchor="middle" transform={`rotate(-90 10 ${y(0.5)})`}>
        right
      </text>
    </svg>
  );
}
