import { seekEvent } from '../state/view.ts';
import { inertLine } from '../ui/inert-text.ts';
import type { Stretch } from '../ui/plot-options.ts';
import { timeOfDay } from '../ui/words.ts';
import { ChartIcon, iconOf } from './chart-icons.tsx';
import type { ChartMark } from './chart-marks.ts';

type MarksStripProps = { groups: readonly (readonly ChartMark[])[]; range: Stretch };

/**
 * What was changed and done, above the lines that stand for it in the chart. The pointer's way to them: the keys go from
 * mark to mark in the chart itself, and the large chart lists them.
 */
export function MarksStrip({ groups, range }: MarksStripProps) {
  const share = (atMs: number) => ((atMs - range.fromMs) / Math.max(1, range.toMs - range.fromMs)) * 100;
  return (
    <div className="marks-strip" aria-hidden>
      <div className="marks-strip-space">
        {groups.map(([first, ...others]) => {
          if (!first) return null;
          return (
            <button
              key={first.key}
              type="button"
              tabIndex={-1}
              className={`mark mark-${first.what.tone}`}
              style={{ left: `${share(first.atMs)}%` }}
              title={[first, ...others].map(markWords).join('\n')}
              onClick={() => seekEvent(first.key)}
            >
              <ChartIcon name={iconOf(first)} size={11} />
              {others.length > 0 && <span className="mark-count">{others.length + 1}</span>}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** `10:31:07 Deploy of payments: payments 1.41`. */
export function markWords({ atMs, what, service, title }: ChartMark): string {
  const kind = what.tone === 'action' ? 'action' : what.kind;
  return inertLine(`${timeOfDay(atMs)} ${kind}${service === null ? '' : ` of ${service}`}: ${title}`);
}
