import { setTimeout as pause } from 'node:timers/promises';
import { Failure, messageOf } from '../../platform/failure.ts';
import { heldRaw } from '../held-raw.ts';
import type { FlagHistoryEntry } from '../inspection.ts';
import type { ChangeSource } from '../source.ts';
import { type Definition, parseDefinition } from './definition.ts';
import {
  changesBetween,
  type Edit,
  type FlagChange,
  type FlagFact,
  type FlagPlace,
  observationOf,
} from './flag-changes.ts';
import { type Commit, gitHistory, gitVersionBefore } from './git-history.ts';
import { type FileRead, readFlagFile } from './read-file.ts';

const periodMs = 1_000;
const mostRemembered = 500;
/** Commits are dated where they were made, and come here when they are pulled. */
const dayMs = 24 * 3_600_000;
const mostRawCharacters = 4 * 1_048_576;
const nothing: Definition = { flags: new Map(), evaluators: {}, setId: null };

/** One watched file: the last version that could be read, and what was seen to change. */
export function flagFile(options: { path: string; place: FlagPlace; now: () => number; every?: number }) {
  const { path, place, now, every = periodMs } = options;
  let last: { definition: Definition; text: string; atMs: number } | undefined;
  /** Text that did not hold, so that it is parsed once and not each second. */
  let refused: { text: string; failure: Failure } | undefined;
  const remembered: { change: FlagChange; edit: Edit }[] = [];
  const raw = heldRaw(mostRawCharacters);

  /** The file as it is now; a version that does not hold leaves the last one in its place. */
  async function look(signal: AbortSignal): Promise<FlagFact[]> {
    const read = await readFlagFile(path);
    if (read.text === last?.text) {
      refused = undefined;
      return [];
    }
    if (read.text === refused?.text) throw refused.failure;
    const definition = parsed(read.text);
    const before = last;
    // What an edit is must be known before the version counts as seen: what is interrupted here is found again.
    const edit = before ? await editOf(read, before.atMs, signal) : null;
    const steps = before ? await severalSteps(read.text, before, signal) : null;
    last = { definition, text: read.text, atMs: now() };
    refused = undefined;
    if (!before || !edit) return [];
    const found = steps ?? changesBetween(before.definition, definition).map((change) => ({ change, edit }));
    return found.map((one) => {
      remembered.unshift({ ...one, change: raw.hold(one.change) });
      for (const forgotten of remembered.splice(mostRemembered)) raw.release(forgotten.change);
      return observationOf(one.change, one.edit, place);
    });
  }

  /**
   * What several commits did that came at once, by a pull or while this machine slept: each is told by itself, as whoever
   * asks git later is told. Null where git does not lead from the version before to this one.
   */
  async function severalSteps(text: string, before: NonNullable<typeof last>, signal: AbortSignal) {
    const commits = (await gitHistory(path, { sinceMs: before.atMs - dayMs }, signal)) ?? [];
    const known = commits.findIndex((commit) => commit.text === before.text);
    const steps = known < 0 ? commits : commits.slice(0, known);
    const [newest, oldest] = [steps[0], steps.at(-1)];
    if (steps.length < 2 || !oldest || newest?.text !== text) return null;
    if (known < 0 && (await gitVersionBefore(path, oldest.hash, signal)) !== before.text) return null;
    return stepsOf(steps, before.definition);
  }

  function parsed(text: string): Definition {
    try {
      return parseDefinition(text, path);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const kept = last ? ' The last version that could be read is kept.' : '';
      const failure = new Failure(error.code, `${error.message}${kept}`, error);
      refused = { text, failure };
      throw failure;
    }
  }

  /** Who made it is known where it is what git holds as its last commit. */
  async function editOf(read: FileRead, sinceMs: number, signal: AbortSignal): Promise<Edit> {
    const [commit] = (await gitHistory(path, 'last', signal)) ?? [];
    const isFresh = read.modifiedMs > sinceMs && read.modifiedMs <= now();
    const atMs = isFresh ? read.modifiedMs : now();
    return commit?.text === read.text
      ? { atMs, by: commit.author || null, id: commit.hash.slice(0, 12) }
      : { atMs, by: null, id: String(read.modifiedMs) };
  }

  /** What git holds of the time before it was watched. Versions that do not hold never came into effect. */
  async function committed(
    sinceMs: number,
    signal: AbortSignal,
  ): Promise<{ change: FlagChange; edit: Edit }[]> {
    const commits = (await gitHistory(path, { sinceMs }, signal)) ?? [];
    const oldest = commits.at(-1);
    if (!oldest) return [];
    const first = await gitVersionBefore(path, oldest.hash, signal);
    return stepsOf(commits, orNull(first) ?? nothing);
  }

  /** @param commits newest first, all that came after the definition */
  function stepsOf(commits: readonly Commit[], first: Definition): { change: FlagChange; edit: Edit }[] {
    let before = first;
    return commits.toReversed().flatMap((commit) => {
      const after = orNull(commit.text);
      if (after === null && commit.text !== null) return [];
      const changes = changesBetween(before, after ?? nothing);
      before = after ?? nothing;
      return changes.map((change) => ({ change, edit: commitEdit(commit) }));
    });
  }

  function orNull(text: string | null): Definition | null {
    try {
      return text === null ? null : parseDefinition(text, path);
    } catch (error) {
      if (error instanceof Failure) return null;
      throw error;
    }
  }

  const changes: ChangeSource = {
    async backfill({ fromMs, toMs }, signal) {
      // A file that is not there has no history either, and that would pass for calm.
      await readFlagFile(path);
      const watched = remembered.map(({ change, edit }) => observationOf(change, edit, place));
      const known = new Set(watched.map(({ key }) => key));
      const kept = (await committed(fromMs, signal))
        .map(({ change, edit }) => ({ ...observationOf(change, edit, place), reconstructed: true as const }))
        .filter(({ key }) => !known.has(key));
      return [...kept, ...watched]
        .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
        .sort((a, b) => a.atMs - b.atMs);
    },

    stream({ onObservations, onState }) {
      const closing = new AbortController();
      const { signal } = closing;
      void (async () => {
        while (!signal.aborted) {
          try {
            const found = await look(signal);
            if (signal.aborted) return;
            if (found.length > 0) onObservations(found);
            onState({ up: true });
          } catch (error) {
            if (signal.aborted) return;
            onState({ up: false, because: messageOf(error) });
          }
          await pause(every, undefined, { signal }).catch(() => undefined);
        }
      })();
      return () => closing.abort();
    },
  };

  return {
    changes,
    /** The last version that could be read; read now where it was never watched. */
    async current(): Promise<Definition> {
      if (last) return last.definition;
      return parseDefinition((await readFlagFile(path)).text, path);
    },
    /** What was done to a flag, newest first: what was watched, and what git holds of before. */
    async history(flag: string, sinceMs: number, signal: AbortSignal): Promise<FlagHistoryEntry[]> {
      // Newest first, for a commit is dated to the second.
      const older = (await committed(sinceMs, signal)).toReversed();
      const known = new Set(remembered.map(({ edit }) => edit.id));
      return [...remembered, ...older.filter(({ edit }) => !known.has(edit.id))]
        .filter(({ change, edit }) => change.flag === flag && edit.atMs >= sinceMs)
        .map(({ change, edit }) => ({
          atMs: edit.atMs,
          environment: place.environment,
          actor: edit.by,
          what: change.words,
          diff: change.diff,
        }))
        .sort((a, b) => b.atMs - a.atMs);
    },
  };
}

const commitEdit = ({ hash, atMs, author }: Commit): Edit => ({
  atMs,
  by: author || null,
  id: hash.slice(0, 12),
});
