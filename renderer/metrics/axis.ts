import type { Incident } from '../../shared/vocabulary/incident.ts';
import { drawn, type Extent, type Span } from '../state/span.ts';
import type { Stretch } from '../ui/plot-options.ts';

/** What all charts of a list have in common. */
export type Axis = {
  extent: Extent;
  range: Stretch;
  onsetMs: number | null;
  began: Stretch | null;
  shade: Stretch | null;
};

type On = {
  incident: Pick<Incident, 'openedMs' | 'closedMs'>;
  /** The window of the metrics. */
  extent: Extent;
  span: Span | null;
  onsetMs: number | null;
  began: Stretch | null;
};

export const axisOf = ({ incident: { openedMs, closedMs }, extent, span, onsetMs, began }: On): Axis => ({
  extent,
  range: drawn(span, extent),
  onsetMs,
  began,
  shade: { fromMs: onsetMs ?? openedMs, toMs: closedMs ?? extent.toMs },
});
