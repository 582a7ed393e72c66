import { Play } from 'lucide-react';
import { CHANGE_ICONS } from '../ui/change-icons.ts';
import type { ChartMark } from './chart-marks.ts';

const ICONS = { ...CHANGE_ICONS, action: Play } as const;
export type ChartIconName = keyof typeof ICONS;

export const iconOf = ({ what }: ChartMark): ChartIconName => (what.tone === 'action' ? 'action' : what.kind);

const idOf = (name: ChartIconName) => `chart-icon-${name}`;

/** The icons that charts draw above themselves, once on the page and not seen there. */
export function ChartIcons() {
  return (
    <div className="chart-icons" aria-hidden>
      {Object.entries(ICONS).map(([name, Icon]) => (
        <Icon key={name} id={idOf(name as ChartIconName)} size={24} />
      ))}
    </div>
  );
}

const outlines = new Map<ChartIconName, Path2D>();

/**
 * The lines of an icon, to be drawn on a canvas: as elements of their own the icons of fifty charts were two thirds of all
 * that stood on the page.
 */
export function outlineOf(name: ChartIconName): Path2D {
  const known = outlines.get(name);
  if (known) return known;
  const outline = new Path2D();
  const parts = [...(document.getElementById(idOf(name))?.children ?? [])];
  for (const part of parts) addPart(outline, part);
  if (parts.length > 0) outlines.set(name, outline);
  return outline;
}

/** The shapes that icons are made of. */
function addPart(outline: Path2D, part: Element): void {
  const number = (name: string) => Number(part.getAttribute(name) ?? 0);
  switch (part.tagName) {
    case 'path':
      outline.addPath(new Path2D(part.getAttribute('d') ?? ''));
      break;
    case 'rect':
      outline.roundRect(number('x'), number('y'), number('width'), number('height'), number('rx'));
      break;
    case 'circle':
      outline.moveTo(number('cx') + number('r'), number('cy'));
      outline.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
      break;
    case 'line':
      outline.moveTo(number('x1'), number('y1'));
      outline.lineTo(number('x2'), number('y2'));
      break;
    default:
      throw new Error(`an icon has a ${part.tagName}, which is not drawn yet`);
  }
}

/** Two corners that are drawn apart, as one line. */
export function EnlargeIcon() {
  return (
    <svg
      width={12}
      height={12}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d="M15 3h6v6M21 3l-7 7M3 21l7-7M9 21H3v-6" />
    </svg>
  );
}
