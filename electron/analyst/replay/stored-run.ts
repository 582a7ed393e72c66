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
  steps(run: string): unknown[];
  text(digest: string): string | undefined;
};

const ToolSpecs = z.array(z.object({ name: z.string(), purpose: z.string(), inputSchema: z.unknown() }));

/** The runs on record since a time that can be played again, oldest first; a damaged one is none. */
export function storedRuns(reader: RunReader, fromMs: number): StoredRun[] {
  return reader.since(fromMs).flatMap((body) => {
    const begun = RecordedRun.safeParse(body).data;
    const stored = begun && whole(reader, begun);
    return stored ? [stored] : [];
  });
}

function whole(reader: RunReader, begun: RecordedRun): StoredRun | null {
  const system = reader.text(begun.system);
  const tools = reader.text(begun.tools);
  const steps = z.array(RecordedStep).safeParse(reader.steps(begun.id)).data;
  if (system === undefined || tools === undefined || !steps?.some(({ kind }) => kind === 'ended'))
    return null;
  return { begun, system, tools: ToolSpecs.parse(JSON.parse(tools)), steps, text: reader.text };
}
