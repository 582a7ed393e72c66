import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { crashingHost } from '../../fixtures/crashing-host.ts';
import { type Move, moves, play } from '../../fixtures/proposal-sequences.ts';

/** So many sequences share a data file, whose whole log is verified at its end. */
const A_FILE = 500;

type Played = {
  sequences: number;
  moves: number;
  writes: number;
  crashes: number;
  entries: number;
  seconds: number;
  perSecond: number;
  states: Record<string, number>;
};

export async function sequences(options: {
  folder: string;
  count: number;
  seed: number;
  say(line: string): void;
}): Promise<Played> {
  const { folder, count, seed, say } = options;
  const played: Played = {
    sequences: 0,
    moves: 0,
    writes: 0,
    crashes: 0,
    entries: 0,
    seconds: 0,
    perSecond: 0,
    states: {},
  };
  const beganMs = performance.now();
  for (let file = 0; played.sequences < count; file += 1) {
    await playFile(
      join(folder, `file-${file}`),
      Math.min(A_FILE, count - played.sequences),
      seed + file,
      played,
    );
    played.seconds = (performance.now() - beganMs) / 1000;
    played.perSecond = played.sequences / played.seconds;
    if (played.sequences % 5_000 === 0 || played.sequences === count) say(lineOf(played));
  }
  for (const [state, times] of Object.entries(played.states).toSorted(([, a], [, b]) => b - a)) {
    say(`  ${state.padEnd(24)} ${times}`);
  }
  return played;
}

async function playFile(directory: string, runs: number, seed: number, played: Played): Promise<void> {
  mkdirSync(directory);
  const host = crashingHost(directory);
  let nth = 0;
  const one = async (sequence: Move[]) => {
    nth += 1;
    await play(host, sequence, nth);
    played.moves += sequence.length;
    played.writes += host.world().arrived.length;
    for (const { progress } of host.image().desk.ofIncident(host.world().incident)) {
      const state = progress.state === 'done' ? `done: ${progress.outcome}` : progress.state;
      played.states[state] = (played.states[state] ?? 0) + 1;
    }
  };
  try {
    await fc.assert(fc.asyncProperty(moves, one), { numRuns: runs, seed });
    played.crashes += host.crashes();
    played.entries += host.image().ledger.head().size;
  } finally {
    host.end();
  }
  const verified = verifyDataFile(host.file);
  if (!verified.ok)
    throw new Error(`The log of seed ${seed} does not hold: ${JSON.stringify(verified.problems)}`);
  played.sequences += runs;
  rmSync(directory, { recursive: true });
}

const lineOf = ({ sequences: done, moves: made, writes, crashes, entries, perSecond }: Played) =>
  `${done} sequences, ${made} moves, ${crashes} crashes, ${writes} writes, ${entries} entries verified, ${perSecond.toFixed(0)} sequences/s`;
