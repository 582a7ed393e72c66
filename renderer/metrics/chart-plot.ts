import type { Chart, ChartPoints } from '../../shared/vocabulary/chart.ts';
import { inertLine } from '../ui/inert-text.ts';
import { type Badge, STRIP_HEIGHT } from '../ui/plot-badges.ts';
import type { Mark } from '../ui/plot-options.ts';
import type { Shown } from '../ui/plot-wish.ts';
import type { Axis } from './axis.ts';
import { iconOf, outlineOf } from './chart-icons.tsx';
import { type ChartLine, chartLine } from './chart-line.ts';
import { type ChartMark, together } from './chart-marks.ts';
import { markWords } from './chart-words.ts';
import type { ShownSignal } from './signals-shown.ts';

/** CSS pixels of a badge with a little room. */
const MARK_WIDTH = 16;

type Course = {
  signal: Pick<ShownSignal, 'unit' | 'anomaly'>;
  chart: Chart;
  ghost: Chart | undefined;
  axis: Axis;
  groups: readonly (readonly ChartMark[])[];
  height: number;
  isSmall: boolean;
};

/** What the plot of a signal shows: the same for the chart that shows it as for whoever draws it ahead. */
export function shownOf({ signal, chart, ghost, axis, groups, height, isSmall }: Course): Shown {
  const { range, onsetMs, began, shade } = axis;
  const onset: Mark[] = onsetMs === null ? [] : [{ atMs: onsetMs, label: 'onset', tone: 'onset' }];
  return {
    height: height + STRIP_HEIGHT,
    ...lineOf(chart.points, ghost?.points ?? null),
    unit: signal.unit,
    range,
    marks: [
      ...onset,
      ...groups.flatMap(([first]): Mark[] =>
        first
          ? [{ atMs: first.atMs, label: inertLine(first.title).slice(0, 40), tone: first.what.tone }]
          : [],
      ),
    ],
    badges: groups.flatMap(badgeOf),
    band: chart.normal,
    began,
    shade,
    off: signal.anomaly !== null,
    isSmall,
  };
}

/** The marks as they stand above a plot so many pixels wide: those that would lie on each other share a place. */
export const groupsIn = (marks: readonly ChartMark[], { range }: Axis, pixels: number): ChartMark[][] =>
  together(marks, range, ((range.toMs - range.fromMs) * MARK_WIDTH) / Math.max(1, pixels));

/** The same points are the same lists, so that a plot which shows them is known to. */
const lines = new WeakMap<ChartPoints, ChartLine>();

function lineOf(points: ChartPoints | null, ghost: ChartPoints | null): ChartLine {
  if (points === null || ghost !== null) return chartLine(points, ghost);
  const line = lines.get(points) ?? chartLine(points, null);
  lines.set(points, line);
  return line;
}

/**
 * What was changed and done, above the lines that stand for it in the chart. The pointer's way to them: the keys go from
 * mark to mark in the chart itself, and the large chart lists them.
 */
function badgeOf(group: readonly ChartMark[]): Badge[] {
  const [first] = group;
  if (!first) return [];
  return [
    {
      atMs: first.atMs,
      tone: first.what.tone,
      outline: () => outlineOf(iconOf(first)),
      count: group.length,
      title: group.map(markWords).join('\n'),
    },
  ];
}
