import type { z } from 'zod';
import type { Candidates } from '../../../shared/vocabulary/candidate.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import type { Topology } from '../../../shared/vocabulary/topology.ts';
import type { ClusterReader, FlagReader } from '../../connectors/source.ts';

/** Everything a read tool is given: nothing in it can write. */
export type ReadContext = {
  window: { fromMs: number; toMs: number };
  events(): Event[];
  candidates(): Candidates | null;
  topology(): Topology;
  metricsOf(service: string, signal: AbortSignal): Promise<MetricSeries[]>;
  /** Where a service runs, when a connected cluster knows. */
  locate(service: string, signal: AbortSignal): Promise<Place | null>;
  /** The connection of this name, as events name their source; null when none or several have it. */
  readersNamed(source: string): Readers | null;
};
export type Readers = { id: string; cluster: ClusterReader | undefined; flags: FlagReader | undefined };
export type Place = { cluster: string; namespace: string; name: string; reader: ClusterReader };

/** A tool that reads: schema, a sentence for the model, a bounded answer. */
export type ReadTool<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  name: string;
  purpose: string;
  input: I;
  output: O;
  run(input: z.output<I>, context: ReadContext, signal: AbortSignal): Promise<z.input<O>>;
  /**
   * Whether the answer holds more than text that an outsider can write, such as the body of a log line. Left out where it
   * always does; a proposal that rests on nothing else says so.
   */
  isObserved?(result: z.output<O>): boolean;
  /** One line for the screen: what was found. */
  found(result: z.output<O>): string;
};

export const readTool = <I extends z.ZodType, O extends z.ZodType>(tool: ReadTool<I, O>): ReadTool<I, O> =>
  tool;
