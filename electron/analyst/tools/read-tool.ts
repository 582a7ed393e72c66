import type { z } from 'zod';
import type { Candidates } from '../../../shared/vocabulary/candidate.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import type { RememberedIncident, RoomMemory } from '../../../shared/vocabulary/memory.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import type { Topology } from '../../../shared/vocabulary/topology.ts';
import type { CloudReader, FlagInspector, LogSource, ObjectReader } from '../../connectors/inspection.ts';
import type { AlertSource, ClusterReader, FlagReader, MetricSource } from '../../connectors/source.ts';

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
  /** What is connected, by what can be read there. */
  systems: ReadableSystems;
  runbooks: Runbooks;
  /** What earlier incidents of the same realm say of this one. */
  past: PastIncidents;
};

/** One thing that can be read, and the connection that it belongs to. */
export type Named<Reader> = { id: string; name: string; reader: Reader };
export type ReadableSystems = {
  metrics(): Named<MetricSource>[];
  alerts(): Named<AlertSource>[];
  clusters(): Named<ClusterReader>[];
  logs(): Named<LogSource>[];
  objects(): Named<ObjectReader>[];
  flags(): Named<FlagInspector>[];
  clouds(): Named<CloudReader>[];
};

/** A section of a runbook that fits what was looked for. */
export type RunbookPassage = { file: string; heading: string; text: string };
export type Runbooks = {
  /** Best first. `held` is how many runbooks there are. */
  search(text: string, most: number): { passages: RunbookPassage[]; held: number };
};

export type PastIncidents = { about(): RoomMemory; search(text: string): RememberedIncident[] };
export type Readers = { id: string; cluster: ClusterReader | undefined; flags: FlagReader | undefined };
export type Place = { cluster: string; namespace: string; name: string; reader: ClusterReader };

/** A tool that reads: schema, a sentence for the model, a bounded answer. */
export type ReadTool<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  name: string;
  purpose: string;
  /** Where its answers come from, in a few words, such as "pod logs". */
  source: string;
  /**
   * Paths of the answer that somebody outside may have written, such as the text of a log line; `*` stands for each row.
   * Empty where all of it was measured or written by Countersign.
   */
  outsider: readonly string[];
  input: I;
  output: O;
  run(input: z.output<I>, context: ReadContext, signal: AbortSignal): Promise<z.input<O>>;
  /**
   * Whether the answer holds more than text that an outsider can write, such as the body of a log line. Left out where it
   * always does; a proposal that rests on nothing else says so.
   */
  isObserved?(result: z.output<O>): boolean;
  /** The service whose rollouts this shows field by field: a hypothesis about one of them rests on more than its title. */
  showsDiffOf?(result: z.output<O>): string;
  /** One line for the screen: what was found. */
  found(result: z.output<O>): string;
};

export const readTool = <I extends z.ZodType, O extends z.ZodType>(tool: ReadTool<I, O>): ReadTool<I, O> =>
  tool;
