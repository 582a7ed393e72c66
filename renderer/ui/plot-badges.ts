import type UPlot from 'uplot';
import { TONES } from './plot-tones.ts';

/** What stands above a chart at an instant: an icon, how many it stands for, and what they are. */
export type Badge = {
  atMs: number;
  tone: 'change' | 'action';
  /** On a field of 24 by 24, to be drawn along. */
  outline(): Path2D;
  count: number;
  title: string;
};

/** Above a chart, for the icons of what is marked in it; CSS pixels. */
export const STRIP_HEIGHT = 16;
const SIZE = 11;
const DIGIT_WIDTH = 5;

/**
 * Draws the badges above a plot, on its own canvas: as elements of their own the icons of fifty charts were two thirds of
 * all that stood on the page.
 */
export function drawBadges(plot: UPlot, badges: readonly Badge[], color: (name: string) => string): void {
  if (badges.length === 0) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.setLineDash([]);
  ctx.font = `${9 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  const scale = (SIZE * ratio) / 24;
  for (const badge of badges) {
    const left = bbox.left + (placeOf(plot, badge) - widthOf(badge) / 2) * ratio;
    ctx.strokeStyle = color(TONES[badge.tone]);
    ctx.save();
    ctx.translate(left, ((STRIP_HEIGHT - SIZE) / 2) * ratio);
    ctx.scale(scale, scale);
    ctx.lineWidth = 2;
    ctx.stroke(badge.outline());
    ctx.restore();
    if (badge.count < 2) continue;
    ctx.fillStyle = color(TONES[badge.tone]);
    ctx.fillText(String(badge.count), left + SIZE * ratio, (STRIP_HEIGHT / 2) * ratio);
  }
  ctx.restore();
}

type Ports = {
  /** Those that are drawn now. */
  badges(): readonly Badge[];
  /** The place of a badge among them. */
  onBadge(at: number): void;
};

/** Answers the pointer above a plot: what a badge stands for is its title, and it can be pressed. */
export function followBadges(plot: UPlot, box: HTMLElement, { badges, onBadge }: Ports): () => void {
  const under = ({ clientX, clientY }: MouseEvent): number => {
    const { left, top } = box.getBoundingClientRect();
    if (clientY - top >= STRIP_HEIGHT) return -1;
    const x = clientX - left - plot.bbox.left / devicePixelRatio;
    return badges().findLastIndex((badge) => Math.abs(placeOf(plot, badge) - x) <= widthOf(badge) / 2 + 1);
  };
  const onMove = (event: MouseEvent) => {
    const badge = badges()[under(event)];
    box.title = badge?.title ?? '';
    box.style.cursor = badge ? 'pointer' : '';
  };
  const onClick = (event: MouseEvent) => {
    const at = under(event);
    if (at >= 0) onBadge(at);
  };
  box.addEventListener('mousemove', onMove);
  box.addEventListener('click', onClick);
  return () => {
    box.removeEventListener('mousemove', onMove);
    box.removeEventListener('click', onClick);
  };
}

/** CSS pixels from the left edge of the plot. */
const placeOf = (plot: UPlot, { atMs }: Badge): number => plot.valToPos(atMs / 1000, 'x');

const widthOf = ({ count }: Badge): number => SIZE + (count < 2 ? 0 : String(count).length * DIGIT_WIDTH);
