import { create } from 'zustand';
import type { Earlier } from '../../shared/vocabulary/chart.ts';

type ChartsView = {
  text: string;
  onlyOff: boolean;
  against: Earlier | null;
  expanded: ReadonlySet<string>;
  /** The chart that the keys are in, and the one that is shown large, by the keys of their series. */
  focused: string | null;
  large: string | null;
};

/** How a person looks at the charts; it outlives a look at another tab. */
export const useChartsView = create<ChartsView>(() => ({
  text: '',
  onlyOff: true,
  against: null,
  expanded: new Set(),
  focused: null,
  large: null,
}));

export function toggleService(service: string): void {
  useChartsView.setState(({ expanded }) => {
    const next = new Set(expanded);
    if (!next.delete(service)) next.add(service);
    return { expanded: next };
  });
}
