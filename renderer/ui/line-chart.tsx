import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { useThemeKey } from './use-theme-key.ts';
import { significant, timeOfDay } from './words.ts';

export type Mark = { atMs: number; label: string };

type LineChartProps = {
  /** What it shows in words, for whoever cannot see it. */
  label: string;
  height: number;
  /** Milliseconds since the epoch, rising. */
  timesMs: readonly number[];
  values: readonly (number | null)[];
  unit: string;
  marks?: readonly Mark[];
  threshold?: number;
  /** Draws in the colour of what is off. */
  off?: boolean;
};

/** One series over time with its unit, vertical marks and an optional threshold. */
export function LineChart({
  label,
  height,
  timesMs,
  values,
  unit,
  marks = [],
  threshold,
  off = false,
}: LineChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const theme = useThemeKey();
  const scaled = unit === 'ratio' ? 100 : 1;
  const shownUnit = unit === 'ratio' ? '%' : unit;
  const marksKey = JSON.stringify(marks);
  const data = useRef<UPlot.AlignedData>([[], []]);
  data.current = [
    timesMs.map((ms) => ms / 1000),
    values.map((value) => (value === null ? null : value * scaled)),
    ...(threshold === undefined ? [] : [timesMs.map(() => threshold * scaled)]),
  ];

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when its look changes; the theme is such a change.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const color = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
    const options = optionsOf({
      width: element.clientWidth,
      height,
      unit: shownUnit,
      off,
      color,
      marks,
      threshold,
    });
    const plot = new UPlot(options, data.current, element);
    chart.current = plot;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [height, shownUnit, off, marksKey, threshold, theme]);

  useEffect(() => {
    chart.current?.setData(data.current);
  });

  return <div ref={box} className="line-chart" role="img" aria-label={label} style={{ height }} />;
}

type Look = {
  width: number;
  height: number;
  unit: string;
  off: boolean;
  marks: readonly Mark[];
  threshold: number | undefined;
  color(name: string): string;
};

function optionsOf({ width, height, unit, off, marks, threshold, color }: Look): UPlot.Options {
  const axis = {
    stroke: color('--faint'),
    font: '11px system-ui, sans-serif',
    ticks: { show: false },
    grid: { stroke: color('--line'), width: 1 },
  };
  return {
    width,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      y: { range: (_plot, low, high) => rangeOf(low, high, threshold === undefined ? [] : [threshold]) },
    },
    axes: [
      {
        ...axis,
        size: 22,
        space: 70,
        values: (_plot, seconds) => tickTimes(seconds),
      },
      {
        ...axis,
        size: 52,
        space: 26,
        values: (_plot, at) => at.map((value) => `${significant(value)} ${unit}`.trim()),
      },
    ],
    series: [
      {},
      { stroke: color(off ? '--warn' : '--accent'), width: 1.6, points: { show: false }, spanGaps: false },
      ...(threshold === undefined
        ? []
        : [{ stroke: color('--muted'), width: 1.2, dash: [5, 4], points: { show: false } }]),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, marks, color('--text'))] },
  };
}

/** Hours and minutes, and seconds where ticks stand closer than a minute. */
const tickTimes = (seconds: number[]) =>
  seconds.map((at) => timeOfDay(at * 1000).slice(0, (seconds[1] ?? at) - (seconds[0] ?? at) < 60 ? 8 : 5));

/** From zero where the values are near it, with room above. */
function rangeOf(low: number | null, high: number | null, also: readonly number[]): [number, number] {
  const bottom = Math.min(low ?? 0, ...also);
  const top = Math.max(high ?? 1, ...also);
  const room = (top - bottom || Math.abs(top) || 1) * 0.1;
  const floor = bottom >= 0 && bottom < (top - bottom) * 2 ? 0 : bottom - room;
  return [floor, top + room];
}

function drawMarks(plot: UPlot, marks: readonly Mark[], color: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  for (const { atMs, label } of marks) {
    const x = Math.round(plot.valToPos(atMs / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const rightHalf = x > bbox.left + bbox.width * 0.7;
    ctx.textAlign = rightHalf ? 'right' : 'left';
    ctx.fillText(label, x + (rightHalf ? -4 : 4) * devicePixelRatio, bbox.top + 10 * devicePixelRatio);
  }
  ctx.restore();
}
