import { type PlotFrame, STRIP_HEIGHT, type Stretch, type Values, xOf, yOf } from './plot-frame.ts';
import { timeTicks, valueTicks } from './plot-ticks.ts';
import { significant, timeOfDay } from './words.ts';

export type Mark = { atMs: number; label: string; tone?: 'onset' | 'change' | 'action' };

/** What stands above a chart at an instant: an icon, how many it stands for, and what they are. */
export type Badge = {
  atMs: number;
  tone: 'change' | 'action';
  /** On a field of 24 by 24, to be drawn along. */
  outline(): Path2D;
  count: number;
  title: string;
};

/** Everything that is seen of a chart; values in the unit that is shown. */
export type Plot = {
  frame: PlotFrame;
  unit: string;
  /** Draws in the colour of what is off. */
  off: boolean;
  /** Less of everything around the line; names of marks stand elsewhere. */
  isSmall: boolean;
  timesMs: readonly number[];
  values: Values;
  /** The same at another time, drawn faintly. */
  ghost: Values | undefined;
  threshold: number | undefined;
  marks: readonly Mark[];
  badges: readonly Badge[];
  /** Where values are while all is well. */
  band: { low: number; high: number } | null;
  shade: Stretch | null;
  /** The time within which something began. */
  began: Stretch | null;
};

type Brush = { context: CanvasRenderingContext2D; ratio: number; color(name: string): string };

/** Pixels between the lines of the grid at least, and between a name and what it names. */
const SPACE = { small: { time: 52, value: 22 }, large: { time: 70, value: 26 } } as const;
const LABEL_GAP = 5;
const BADGE_SIZE = 11;
const DIGIT_WIDTH = 5;

/** Draws a chart on an empty canvas, `ratio` of whose pixels make one of CSS. */
export function drawPlot(brush: Brush, plot: Plot): void {
  const { context, ratio } = brush;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawBehind(brush, plot);
  drawAxes(brush, plot);
  drawLines(brush, plot);
  drawMarks(brush, plot);
  drawBadges(brush, plot);
}

/** The badge under a pointer, if any. */
export function badgeAt({ frame, badges }: Plot, x: number): Badge | undefined {
  return badges.findLast((badge) => Math.abs(xOf(frame, badge.atMs) - x) <= widthOf(badge) / 2 + 1);
}

export type Pen = Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo'>;

/** Leads a pen along the samples; it is lifted at each gap. Answers with the samples that have no neighbour. */
export function trace(pen: Pen, frame: PlotFrame, timesMs: readonly number[], values: Values): number[] {
  const perMs = frame.width / (frame.toMs - frame.fromMs);
  const perUnit = frame.height / (frame.high - frame.low);
  const lonely: number[] = [];
  let last = -1;
  let drawn = 0;
  for (let at = 0; at < timesMs.length; at += 1) {
    const value = values[at];
    if (value === undefined) continue;
    if (value === null) {
      if (drawn === 1) lonely.push(last);
      drawn = 0;
      continue;
    }
    const x = frame.left + ((timesMs[at] as number) - frame.fromMs) * perMs;
    const y = frame.top + (frame.high - value) * perUnit;
    if (drawn === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
    last = at;
    drawn += 1;
  }
  if (drawn === 1) lonely.push(last);
  return lonely;
}

function drawBehind({ context, color }: Brush, { frame, shade, began, band }: Plot): void {
  const { left, top, width, height } = frame;
  const within = (x: number) => Math.min(left + width, Math.max(left, x));
  const stretch = ({ fromMs, toMs }: Stretch, fill: string, alpha: number) => {
    const from = xOf(frame, fromMs);
    const to = Math.max(from + 1, xOf(frame, toMs));
    if (to < left || from > left + width) return;
    context.globalAlpha = alpha;
    context.fillStyle = fill;
    context.fillRect(within(from), top, within(to) - within(from), height);
  };
  if (shade) stretch(shade, color('--muted'), 0.08);
  if (began) stretch(began, color('--bad'), 0.16);
  if (band) {
    const upper = yOf(frame, band.high);
    context.globalAlpha = 0.22;
    context.fillStyle = color('--good');
    // Where all is as it should be the band may be thinner than a line.
    context.fillRect(left, upper, width, Math.max(2, yOf(frame, band.low) - upper));
  }
  context.globalAlpha = 1;
}

function drawAxes({ context, ratio, color }: Brush, { frame, unit, isSmall }: Plot): void {
  const { left, top, width, height } = frame;
  const space = SPACE[isSmall ? 'small' : 'large'];
  const times = timeTicks(frame, ((frame.toMs - frame.fromMs) * space.time) / width);
  const values = valueTicks(frame, ((frame.high - frame.low) * space.value) / height);
  // On whole pixels of the screen, or a line is two of them wide and faint.
  const whole = (place: number) => Math.round(place * ratio) / ratio;
  const across = times.at.map((atMs) => whole(xOf(frame, atMs)));
  const up = values.at.map((value) => whole(yOf(frame, value)));
  context.fillStyle = color('--line');
  for (const x of across) context.fillRect(x, top, 1, height);
  for (const y of up) context.fillRect(left, y, width, 1);
  context.fillStyle = color('--faint');
  context.font = `${isSmall ? 10 : 11}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  // Hours and minutes, and seconds where they stand closer than a minute.
  const digits = times.step < 60_000 ? 8 : 5;
  for (const [at, x] of across.entries())
    context.fillText(timeOfDay(times.at[at] as number).slice(0, digits), x, top + height + LABEL_GAP);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const [at, y] of up.entries())
    context.fillText(`${significant(values.at[at] as number)} ${unit}`.trim(), left - LABEL_GAP, y);
}

function drawLines({ context, color }: Brush, plot: Plot): void {
  const { frame, timesMs, values, ghost, threshold, off, isSmall } = plot;
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  context.lineJoin = 'round';
  const line = (drawn: Values, look: { stroke: string; width: number; dash?: number[] }) => {
    context.strokeStyle = look.stroke;
    context.lineWidth = look.width;
    context.setLineDash(look.dash ?? []);
    context.beginPath();
    const lonely = trace(context, frame, timesMs, drawn);
    context.stroke();
    return lonely;
  };
  if (ghost) line(ghost, { stroke: color('--faint'), width: 1, dash: [3, 3] });
  const stroke = color(off ? '--warn' : '--accent');
  const lonely = line(values, { stroke, width: isSmall ? 1.3 : 1.6 });
  // A sample between two gaps is no line, and must be seen all the same.
  context.fillStyle = stroke;
  for (const at of lonely) {
    context.beginPath();
    context.arc(xOf(frame, timesMs[at] as number), yOf(frame, values[at] as number), 2, 0, 2 * Math.PI);
    context.fill();
  }
  if (threshold !== undefined) {
    const y = yOf(frame, threshold);
    context.strokeStyle = color('--muted');
    context.lineWidth = 1.2;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(frame.left, y);
    context.lineTo(frame.left + frame.width, y);
    context.stroke();
  }
  context.restore();
}

const TONES = { onset: '--bad', change: '--change', action: '--record' } as const;

function drawMarks({ context, ratio, color }: Brush, { frame, marks, isSmall }: Plot): void {
  if (marks.length === 0) return;
  const { left, top, width, height } = frame;
  context.lineWidth = 1;
  for (const { atMs, label, tone } of marks) {
    const x = Math.round(xOf(frame, atMs) * ratio) / ratio;
    if (x < left || x > left + width) continue;
    context.strokeStyle = color(tone ? TONES[tone] : '--text');
    context.globalAlpha = tone === 'change' ? 0.6 : 1;
    context.beginPath();
    context.setLineDash(tone === 'action' ? [] : [3, 3]);
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    // What has an icon is named where the icon is; names beside each other would run into each other.
    if (isSmall || (tone !== undefined && tone !== 'onset')) continue;
    context.globalAlpha = 1;
    context.fillStyle = color('--text');
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'alphabetic';
    const rightHalf = x > left + width * 0.7;
    context.textAlign = rightHalf ? 'right' : 'left';
    context.fillText(label, x + (rightHalf ? -4 : 4), top + 10);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function drawBadges({ context, color }: Brush, { frame, badges }: Plot): void {
  if (badges.length === 0) return;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.font = '9px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const scale = BADGE_SIZE / 24;
  for (const badge of badges) {
    const left = xOf(frame, badge.atMs) - widthOf(badge) / 2;
    const top = (STRIP_HEIGHT - BADGE_SIZE) / 2;
    context.strokeStyle = color(TONES[badge.tone]);
    context.save();
    context.translate(left, top);
    context.scale(scale, scale);
    context.lineWidth = 2;
    context.stroke(badge.outline());
    context.restore();
    if (badge.count < 2) continue;
    context.fillStyle = color(TONES[badge.tone]);
    context.fillText(String(badge.count), left + BADGE_SIZE, STRIP_HEIGHT / 2);
  }
}

const widthOf = ({ count }: Badge): number =>
  BADGE_SIZE + (count < 2 ? 0 : String(count).length * DIGIT_WIDTH);
