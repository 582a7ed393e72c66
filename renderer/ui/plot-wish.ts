import type UPlot from 'uplot';
import type { Badge } from './plot-badges.ts';
import type { Drawn, Look, Mark, Stretch } from './plot-options.ts';

/** What a chart shows, whoever draws it and wherever it stands. */
export type Shown = {
  /** With the strip of badges, where it has one. */
  height: number;
  /** Milliseconds since the epoch, rising. */
  timesMs: readonly number[];
  /** Null is a gap; undefined is no sample of this line where the other one has one. */
  values: readonly (number | null | undefined)[];
  /** The same at another time, drawn faintly; as many as `values`. */
  ghost?: readonly (number | null | undefined)[] | undefined;
  unit: string;
  range?: Stretch;
  marks?: readonly Mark[];
  /** Makes room for them above the chart, also where there are none. */
  badges?: readonly Badge[];
  band?: Drawn['band'];
  shade?: Stretch | null;
  began?: Stretch | null;
  threshold?: number;
  /** Draws in the colour of what is off. */
  off?: boolean;
  /** Less of everything around the line; names of marks stand elsewhere. */
  isSmall?: boolean;
};

type Samples = Pick<Shown, 'timesMs' | 'values' | 'ghost'>;

/** What a plot is to show, as it is drawn: by its look it is told which plot can show it, by the rest whether one already does. */
export type PlotWish = {
  look: Look;
  drawn: Drawn;
  samples: Samples;
  /** What values are multiplied with before they are drawn. */
  scaled: number;
};

const NONE: readonly never[] = [];

export function plotWish(shown: Shown, canZoom: boolean): PlotWish {
  const { height, timesMs, values, ghost, unit, marks = NONE, badges, band = null, threshold } = shown;
  const { range, shade = null, began = null, off = false, isSmall = false } = shown;
  const scaled = unit === 'ratio' ? 100 : 1;
  return {
    look: {
      height,
      unit: unit === 'ratio' ? '%' : unit,
      off,
      hasGhost: ghost !== undefined,
      hasThreshold: threshold !== undefined,
      isSmall,
      canZoom,
      hasStrip: badges !== undefined,
    },
    drawn: {
      range,
      marks,
      badges: badges ?? NONE,
      namesMarks: !isSmall,
      band: band && { low: band.low * scaled, high: band.high * scaled },
      shade,
      began,
      threshold: threshold === undefined ? undefined : threshold * scaled,
    },
    samples: { timesMs, values, ghost },
    scaled,
  };
}

export const lookKey = (look: Look): string => JSON.stringify(look);

/** Whether both are the same picture. Samples are compared by their lists: whoever has the same samples passes the same lists. */
export const isSamePicture = (one: PlotWish, other: PlotWish): boolean =>
  one === other || (areSameSamples(one, other) && JSON.stringify(one.drawn) === JSON.stringify(other.drawn));

const areSameSamples = ({ samples: one, scaled }: PlotWish, { samples: other, scaled: also }: PlotWish) =>
  one.timesMs === other.timesMs &&
  one.values === other.values &&
  one.ghost === other.ghost &&
  scaled === also;

/** Seconds, then each line in the unit that is drawn. */
export function dataOf({ samples: { timesMs, values, ghost }, scaled, drawn }: PlotWish): UPlot.AlignedData {
  const scale = (value: number | null | undefined) => (value == null ? value : value * scaled);
  return [
    timesMs.map((ms) => ms / 1000),
    ...[values, ...(ghost ? [ghost] : [])].map((line) => (scaled === 1 ? [...line] : line.map(scale))),
    ...(drawn.threshold === undefined ? [] : [timesMs.map(() => drawn.threshold)]),
  ];
}
