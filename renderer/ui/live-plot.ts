import UPlot from 'uplot';
import { plotOptions, type Stretch } from './plot-options.ts';
import type { PlotShelf } from './plot-shelf.ts';
import { dataOf, isSamePicture, lookKey, type PlotWish } from './plot-wish.ts';
import { colorsKey, colorsOf } from './theme-colors.ts';

/** What a plot is made for beside its look: the colours of where it is to stand, and how fine the screen is. */
export type PlotPlace = { element: Element; theme: string };

export type LivePlot = {
  uplot: UPlot;
  /** A plot can be shown where this is the key of what is wished and of the place. */
  key: string;
  isShowing(wish: PlotWish, width: number): boolean;
  /** Draws what is new in a wish of its look, in so many CSS pixels; nothing where it shows that already. */
  show(wish: PlotWish, width: number): void;
  /** Is told of each stretch that is dragged over, until it is called with null. */
  onZoom(listener: ((stretch: Stretch) => void) | null): void;
  /** To be called once it is off the page: what was pointed at there is shown no longer. */
  rest(): void;
  destroy(): void;
};

/** Where the plot of a chart may stand ready, and is left when the chart goes. */
export type KeptPlot = { shelf: PlotShelf<LivePlot>; key: string };

/** Takes the plot that stands ready, where it is one that can show what is wished, or makes one; it shows that. */
export function standingPlot(
  { shelf, key }: KeptPlot,
  wish: PlotWish,
  width: number,
  place: PlotPlace,
): LivePlot {
  const ready = shelf.take(key);
  if (ready?.key === plotKey(wish, place)) {
    ready.show(wish, width);
    return ready;
  }
  ready?.destroy();
  return livePlot(wish, width, place);
}

const plotKey = (wish: PlotWish, { element, theme }: PlotPlace): string =>
  `${lookKey(wish.look)} ${colorsKey(element, theme)} ${devicePixelRatio}`;

/**
 * A plot that is drawn and not on the page yet: its root is appended where it is to be seen. There each font that is set
 * would style the page anew.
 */
export function livePlot(first: PlotWish, width: number, place: PlotPlace): LivePlot {
  let shown = first;
  let zoomed: ((stretch: Stretch) => void) | null = null;
  const options = plotOptions(first.look, {
    width,
    color: colorsOf(place.element, place.theme),
    drawn: () => shown.drawn,
    onZoom: (stretch) => zoomed?.(stretch),
  });
  const uplot = new UPlot(options, dataOf(first), ({ batch }, init) => batch(init));
  return {
    uplot,
    key: plotKey(first, place),
    isShowing: (wish, wide) => wide === uplot.width && isSamePicture(shown, wish),
    show(wish, wide) {
      const isSame = isSamePicture(shown, wish);
      const fits = wide === uplot.width;
      shown = wish;
      if (isSame && fits) return;
      uplot.batch(() => {
        if (!fits) uplot.setSize({ width: wide, height: uplot.height });
        if (!isSame) uplot.setData(dataOf(wish));
      });
    },
    onZoom(listener) {
      zoomed = listener;
    },
    rest() {
      zoomed = null;
      if ((uplot.cursor.left ?? -1) >= 0) uplot.setCursor({ left: -10, top: -10 }, false);
      if (uplot.select.width > 0) uplot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      // Where it stands next is another place of the page.
      uplot.syncRect(true);
    },
    destroy: () => uplot.destroy(),
  };
}
