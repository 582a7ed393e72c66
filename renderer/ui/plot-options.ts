import type UPlot from 'uplot';
import { type Badge, drawBadges, STRIP_HEIGHT } from './plot-badges.ts';
import { TONES } from './plot-tones.ts';
import { valueRange } from './value-range.ts';
import { significant, timeOfDay } from './words.ts';

export type Mark = { atMs: number; label: string; tone?: 'onset' | 'change' | 'action' };
export type Stretch = { fromMs: number; toMs: number };

/** What is drawn besides the lines; it may change without the plot being made anew. */
export type Drawn = {
  /** The stretch of time that is shown; all there is of the line where it is left out. */
  range: Stretch | undefined;
  marks: readonly Mark[];
  /** Above the chart. */
  badges: readonly Badge[];
  /** Names of marks are written beside them; small charts have them elsewhere. */
  namesMarks: boolean;
  /** Where values are while all is well, in the unit that is drawn. */
  band: { low: number; high: number } | null;
  shade: Stretch | null;
  /** The time within which something began. */
  began: Stretch | null;
  threshold: number | undefined;
};

/** What a plot is made with; with another look it is made anew. */
export type Look = {
  height: number;
  unit: string;
  off: boolean;
  hasGhost: boolean;
  hasThreshold: boolean;
  isSmall: boolean;
  canZoom: boolean;
  /** Whether there is room above it for badges. */
  hasStrip: boolean;
};

export type PlotPorts = {
  width: number;
  color(name: string): string;
  drawn(): Drawn;
  onZoom(stretch: Stretch): void;
};

/** How wide the axis of values is, so that what stands above a chart can keep in line with it. */
export const AXIS_WIDTH = { small: 46, large: 56 } as const;
export const RIGHT_GAP = 8;
const TOP_GAP = 6;

export function plotOptions(look: Look, { width, color, drawn, onZoom }: PlotPorts): UPlot.Options {
  const { height, unit, off, isSmall, canZoom, hasStrip } = look;
  const axis = {
    stroke: color('--faint'),
    font: `${isSmall ? 10 : 11}px system-ui, sans-serif`,
    ticks: { show: false },
    grid: { stroke: color('--line'), width: 1 },
  };
  return {
    width,
    height,
    padding: [TOP_GAP + (hasStrip ? STRIP_HEIGHT : 0), RIGHT_GAP, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: canZoom, y: false, setScale: false }, points: { size: 6 } },
    scales: {
      x: { time: true, range: (_plot, low, high) => rangeInSeconds(drawn().range, low, high) },
      y: {
        range: (_plot, low, high) => {
          const { threshold, band } = drawn();
          return valueRange(low, high, [
            ...(threshold === undefined ? [] : [threshold]),
            ...(band ? [band.low, band.high] : []),
          ]);
        },
      },
    },
    axes: [
      { ...axis, size: isSmall ? 18 : 22, space: isSmall ? 52 : 70, values: (_plot, at) => tickTimes(at) },
      {
        ...axis,
        size: isSmall ? AXIS_WIDTH.small : AXIS_WIDTH.large,
        space: isSmall ? 22 : 26,
        values: (_plot, at) => at.map((value) => `${significant(value)} ${unit}`.trim()),
      },
    ],
    series: [
      {},
      {
        stroke: color(off ? '--warn' : '--accent'),
        width: isSmall ? 1.3 : 1.6,
        // A sample between two gaps is no line, and must be seen all the same.
        points: { show: true, size: 4, filter: (plot, index) => lonely(plot.data[index] ?? []) },
        spanGaps: false,
      },
      ...(look.hasGhost
        ? [{ stroke: color('--faint'), width: 1, dash: [3, 3], points: { show: false }, spanGaps: false }]
        : []),
      ...(look.hasThreshold
        ? [{ stroke: color('--muted'), width: 1.2, dash: [5, 4], points: { show: false } }]
        : []),
    ],
    hooks: {
      drawClear: [(plot) => drawBehind(plot, drawn(), color)],
      draw: [(plot) => drawMarks(plot, drawn(), color), (plot) => drawBadges(plot, drawn().badges, color)],
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < LEAST_DRAG) return;
          const at = (x: number) => plot.posToVal(x, 'x') * 1000;
          onZoom({ fromMs: at(left), toMs: at(left + wide) });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

const LEAST_DRAG = 4;

function rangeInSeconds(range: Stretch | undefined, low: number, high: number): [number, number] {
  if (range) return [range.fromMs / 1000, Math.max(range.toMs, range.fromMs + 1) / 1000];
  return low === high || low === null ? [(low ?? 0) - 1, (high ?? 0) + 1] : [low, high];
}

/** Hours and minutes, and seconds where ticks stand closer than a minute. */
const tickTimes = (seconds: number[]) =>
  seconds.map((at) => timeOfDay(at * 1000).slice(0, (seconds[1] ?? at) - (seconds[0] ?? at) < 60 ? 8 : 5));

/** Samples without a neighbour. What is only missing here because another line has a sample there is passed over. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  let before: number | null = null;
  let candidate = -1;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (value === undefined) continue;
    if (candidate >= 0 && value === null) found.push(candidate);
    candidate = value !== null && before === null ? at : -1;
    before = value;
  }
  if (candidate >= 0) found.push(candidate);
  return found;
}

function drawBehind(plot: UPlot, { shade, began, band }: Drawn, color: PlotPorts['color']): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const stretch = ({ fromMs, toMs }: Stretch, fill: string, alpha: number) => {
    const left = plot.valToPos(fromMs / 1000, 'x', true);
    const right = plot.valToPos(toMs / 1000, 'x', true);
    ctx.globalAlpha = alpha;
    ctx.fillStyle = fill;
    ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  };
  if (shade) stretch(shade, color('--muted'), 0.08);
  if (began) stretch(began, color('--bad'), 0.16);
  if (band) {
    const top = plot.valToPos(band.high, 'y', true);
    const bottom = plot.valToPos(band.low, 'y', true);
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = color('--good');
    // Where all is as it should be the band may be thinner than a line.
    ctx.fillRect(bbox.left, top, bbox.width, Math.max(2 * devicePixelRatio, bottom - top));
  }
  ctx.restore();
}

function drawMarks(plot: UPlot, { marks, namesMarks }: Drawn, color: PlotPorts['color']): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  for (const { atMs, label, tone } of marks) {
    const x = Math.round(plot.valToPos(atMs / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = color(tone ? TONES[tone] : '--text');
    ctx.globalAlpha = tone === 'change' ? 0.6 : 1;
    ctx.beginPath();
    ctx.setLineDash(tone === 'action' ? [] : [3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // What has an icon is named where the icon is; names beside each other would run into each other.
    if (!namesMarks || (tone !== undefined && tone !== 'onset')) continue;
    ctx.globalAlpha = 1;
    ctx.fillStyle = color('--text');
    const rightHalf = x > bbox.left + bbox.width * 0.7;
    ctx.textAlign = rightHalf ? 'right' : 'left';
    const place = [x + (rightHalf ? -4 : 4) * devicePixelRatio, bbox.top + 10 * devicePixelRatio] as const;
    // Where the course of the signal runs behind it the word stands on ground of its own.
    ctx.strokeStyle = color('--panel');
    ctx.lineWidth = 4 * devicePixelRatio;
    ctx.lineJoin = 'round';
    ctx.setLineDash([]);
    ctx.strokeText(label, ...place);
    ctx.fillText(label, ...place);
    ctx.lineWidth = devicePixelRatio;
  }
  ctx.restore();
}
