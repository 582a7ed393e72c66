import { z } from 'zod';
import type { ToolSpec } from '../model-client.ts';
import { RecordedRun, RecordedStep } from './recording.ts';

/** A run on record, whole: how it began, what happened, and the texts that its answers were. */
export type StoredRun = {
  begun: RecordedRun;
  system: string;
  tools: ToolSpec[];
  steps: RecordedStep[];
  /** What a digest of its steps stands for. */
  text(digest: string): string | undefined;
};

/** Where runs are read from; what comes out is checked here. */
export type RunReader = {
  since(fromMs: number): unknown[];
  run(id: string): unknown;
  steps(run: string): unknown[];
  text(digest: string): string | undefined;
};

const ToolSpecs = z.array(z.object({ name: z.string(), purpose: z.string(), inputSchema: z.unknown() }));

/**
 * The runs on record since a time that can be played again, oldest first; a damaged one is none. A run that took up the
 * conversation of another is one with it, and that other does not stand by itself.
 */
export function storedRuns(reader: RunReader, fromMs: number): StoredRun[] {
  const begun = reader.since(fromMs).flatMap((body) => RecordedRun.safeParse(body).data ?? []);
  const takenUp = new Set(begun.flatMap(({ continues }) => continues ?? []));
  return begun.flatMap((run) => (takenUp.has(run.id) ? [] : (whole(reader, run) ?? [])));
}

function whole(reader: RunReader, begun: RecordedRun): StoredRun | null {
  const system = reader.text(begun.system);
  const tools = reader.text(begun.tools);
  const told = toldIn(reader, begun, new Set());
  if (system === undefined || tools === undefined || !told?.steps.some(({ kind }) => kind === 'ended'))
    return null;
  const { opening, steps } = told;
  return {
    begun: { ...begun, opening },
    system,
    tools: ToolSpecs.parse(JSON.parse(tools)),
    steps,
    text: reader.text,
  };
}

type Told = Pick<StoredRun, 'steps'> & Pick<RecordedRun, 'opening'>;

/** How a conversation began and all that happened in it, over every run that took it up; null where a part is missing. */
function toldIn(reader: RunReader, { id, opening, continues }: RecordedRun, above: Set<string>): Told | null {
  const steps = z.array(RecordedStep).safeParse(reader.steps(id)).data;
  if (!steps || above.has(id)) return null;
  if (continues === undefined) return { opening, steps };
  const before = RecordedRun.safeParse(reader.run(continues)).data;
  const told = before && toldIn(reader, before, above.add(id));
  if (!told) return null;
  return { opening: told.opening, steps: [...told.steps.filter(({ kind }) => kind !== 'ended'), ...steps] };
}
