import { Maximize2, Play } from 'lucide-react';
import { CHANGE_ICONS } from '../ui/change-icons.ts';
import type { ChartMark } from './chart-marks.ts';

const ICONS = { ...CHANGE_ICONS, action: Play, enlarge: Maximize2 } as const;
export type ChartIconName = keyof typeof ICONS;

export const iconOf = ({ what }: ChartMark): ChartIconName => (what.tone === 'action' ? 'action' : what.kind);

const idOf = (name: string) => `chart-icon-${name}`;

/** What the icons on the charts point to. Drawn anew on each chart, their outlines were a third of all that is on the page. */
export function ChartIcons() {
  return (
    <svg className="chart-icons" aria-hidden>
      {Object.entries(ICONS).map(([name, Icon]) => (
        <symbol key={name} id={idOf(name)} viewBox="0 0 24 24">
          <Icon size={24} />
        </symbol>
      ))}
    </svg>
  );
}

export function ChartIcon({ name, size }: { name: ChartIconName; size: number }) {
  return (
    <svg width={size} height={size} aria-hidden>
      <use href={`#${idOf(name)}`} />
    </svg>
  );
}
