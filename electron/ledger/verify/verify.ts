/**
 * Checks a log from its stored bytes alone: that each entry reads strictly, that none is missing, moved or changed, that
 * the tree over them is the one that was signed, and that the key is the one the log itself announced. Nothing that was
 * stored as a result (a hash, a size, a column) is believed; it is recomputed and compared.
 *
 * What this cannot see is a log replaced as a whole together with its key, or cut back to an earlier signed size: that
 * takes a checkpoint kept somewhere else.
 */
import { messageOf } from '../../platform/failure.ts';
import { decisionProblem } from '../decision.ts';
import { type LedgerEntry, parseEntry, SIGNED_AT_ONCE } from '../entry.ts';
import { keyChain } from '../keys/key-chain.ts';
import { hasLeaf, type LogReader, leafOf, type StoredEntry } from '../log-reader.ts';
import { openCheckpoint, readCheckpoint, type VerifierKey } from '../note.ts';
import { personalCheck } from '../personal/personal-check.ts';
import { areSame, type Digest, growingTree, type TreeNode } from '../tree.ts';
import { atOnce } from './steps.ts';
import type { Problem, Verification } from './verification.ts';
import { quickSteps } from './verify-quickly.ts';

export const verifyLog = (reader: LogReader): Verification => atOnce(verifySteps(reader));

/** The same a few milliseconds at a time. Yields how many entries are done, which begins anew at the first problem. */
export function* verifySteps(reader: LogReader): Generator<number, Verification> {
  return (yield* quickSteps(reader)) ?? (yield* thoroughSteps(reader));
}

/** Reads each entry strictly, and names the first that does not hold. */
function* thoroughSteps(reader: LogReader): Generator<number, Verification> {
  const { report, problems } = reports();
  const personal = personalCheck(reader.personal);
  const chain = entryChain(report, personal);
  const kept = storedTree(report, reader.nodes);
  const heads = signedHeads(report);
  const waiting = reader.checkpoints()[Symbol.iterator]();
  const tree = growingTree();
  try {
    let next = claimed(waiting.next().value);
    for (const stored of reader.entries()) {
      if (tree.size() % STEP === 0) yield tree.size();
      chain.add(tree.size(), stored);
      const leaf = leafOf(stored);
      // After a gap every hash differs, which says nothing more.
      if (!chain.hasGap()) kept.compareLeaf(tree.size(), leaf, stored);
      kept.compare(tree.add(leaf), !chain.hasGap());
      // A note that claims a size already passed, or cannot be read, is checked here too, and found wanting.
      while (next && next.size <= tree.size()) {
        heads.check(next, tree.size(), tree.root(), chain.key());
        next = claimed(waiting.next().value);
      }
    }
    chain.finish(tree.size());
    if (next)
      report('truncated', tree.size(), cutOff(`A checkpoint covers ${next.size} entries`, tree.size()));
    else kept.finish(tree.size());
    if (!next) heads.finish(tree.size(), chain.lastToSign());
  } finally {
    // Ends the query behind it, also when reading failed half way.
    waiting.return?.();
  }
  const found = problems();
  return {
    ok: found.length === 0,
    origin: chain.origin(),
    size: tree.size(),
    signedSize: heads.size(),
    rootHex: Buffer.from(tree.root()).toString('hex'),
    key: chain.key() ?? null,
    problems: found,
    erased: personal.erased(),
  };
}

/** Entries between two moments at which others may have their turn: some ten milliseconds. */
const STEP = 1024;

/** `evident` is the entry at which it shows: for something about several entries, the last of them. */
type Report = (how: Problem['how'], seq: number | null, says: string, evident?: number) => void;

/** One change can break everything after it, so only the first few of each sort are kept, in the order they show. */
function reports() {
  const kept: { problem: Problem; place: number }[] = [];
  const report: Report = (how, seq, says, evident = seq ?? Number.MAX_SAFE_INTEGER) => {
    if (kept.filter(({ problem }) => problem.how === how).length === MOST_OF_A_SORT) return;
    kept.push({ problem: { how, seq, says }, place: evident + (MORE_TELLING.has(how) ? 0 : 0.5) });
  };
  const problems = () => kept.sort((a, b) => a.place - b.place).map(({ problem }) => problem);
  return { report, problems };
}

const MOST_OF_A_SORT = 5;
/** Of two problems at one place, a missing or moved entry explains the hash that differs there. */
const MORE_TELLING: ReadonlySet<Problem['how']> = new Set(['missing', 'reordered']);

/** Follows the stored tree, where there is one: proofs are made from it, so it must be the tree of the entries. */
function storedTree(report: Report, nodes: LogReader['nodes']) {
  let count = 0;
  let isBroken = false;

  function compareLeaf(place: number, leaf: Digest, stored: StoredEntry): void {
    if (!hasLeaf(stored, leaf)) differs(place, place + 1);
  }

  function compare(completed: readonly TreeNode[], isMeaningful: boolean): void {
    count += completed.length;
    for (const { level, position, hash } of isMeaningful ? completed : []) {
      const stored = nodes?.read(level, position);
      if (!nodes || (stored && areSame(stored, hash))) continue;
      // A node over a leaf that differs must differ too.
      if (!isBroken) differs(position * 2 ** level, (position + 1) * 2 ** level);
    }
  }

  function differs(from: number, to: number): void {
    isBroken = true;
    report(
      'altered',
      from,
      `The hash stored for ${entriesFrom(from, to).toLowerCase()} is not theirs.`,
      to - 1,
    );
  }

  function finish(size: number): void {
    if (nodes && nodes.count() > count)
      report('truncated', size, cutOff('The stored tree reaches further', size));
  }

  return { compareLeaf, compare, finish };
}

const cutOff = (because: string, size: number): string =>
  `${because}, but only ${size} entries are there: the end was cut off.`;

/** Follows the entries: their form, their order, and the identity and key they announce. */
function entryChain(report: Report, personal: ReturnType<typeof personalCheck>) {
  const keys = keyChain();
  let realm: LedgerEntry['realm'] | undefined;
  let lastToSign = -1;
  let gap: { expected: number; found: number; laterFound: boolean } | undefined;

  function add(place: number, { bytes, columns }: StoredEntry): void {
    const entry = readable(place, bytes);
    if (!entry) return;
    if (gap) gap.laterFound ||= entry.seq === gap.expected;
    else if (entry.seq !== place) gap = { expected: place, found: entry.seq, laterFound: false };
    if (columns && !fits(columns, entry)) {
      report('altered', place, `Entry ${place} is filed under something else than it says.`);
    }
    if (SIGNED_AT_ONCE.has(entry.kind)) lastToSign = place;
    if (place === 0) realm = entry.realm;
    if (place === 0 && entry.kind !== 'log.opened') {
      report('missing', 0, 'The log does not begin with the entry that opened it.');
    } else if (place > 0 && entry.kind === 'log.opened') {
      report('reordered', place, `Entry ${place} opens the log a second time.`);
    }
    if (realm && entry.realm !== realm) {
      report(
        'altered',
        place,
        `Entry ${place} belongs to the realm "${entry.realm}", the log to "${realm}".`,
      );
    }
    const unsigned = decisionProblem(entry);
    if (unsigned) report('signature', place, `Entry ${place} ${unsigned}.`);
    const wrong = keys.add(entry);
    if (wrong) report('key', place, `Entry ${place} ${wrong}.`);
    const unkept = personal.add(entry);
    if (unkept) report('altered', place, `Entry ${place} ${unkept}.`);
  }

  function readable(place: number, bytes: Uint8Array): LedgerEntry | undefined {
    try {
      return parseEntry(bytes);
    } catch (error) {
      report('altered', place, `Entry ${place} was altered. ${messageOf(error)}`);
      return undefined;
    }
  }

  function finish(size: number): void {
    const left = personal.finish();
    if (left) report('altered', null, left);
    if (size === 0) report('missing', 0, 'The log is empty: even a new one has the entry that opened it.');
    if (!gap) return;
    const { expected, found, laterFound } = gap;
    if (laterFound) report('reordered', expected, `Where entry ${expected} belongs, entry ${found} stands.`);
    else if (found > expected) report('missing', expected, `${entriesFrom(expected, found)} are missing.`);
    else report('reordered', expected, `Where entry ${expected} belongs, entry ${found} stands again.`);
  }

  const hasGap = () => gap !== undefined;
  return {
    add,
    finish,
    hasGap,
    key: keys.current,
    origin: () => keys.origin() ?? null,
    lastToSign: () => lastToSign,
  };
}

const fits = (columns: NonNullable<StoredEntry['columns']>, entry: LedgerEntry): boolean =>
  columns.seq === entry.seq &&
  columns.kind === entry.kind &&
  columns.incident === (entry.incident ?? null) &&
  columns.atMs === Date.parse(entry.at);

type Claim = { note: string; size: number };

/** An unreadable note claims size 0, so that it is checked, and reported, with the next entry. */
const claimed = (note: string | undefined): Claim | undefined =>
  note === undefined ? undefined : { note, size: readCheckpoint(note)?.size ?? 0 };

/** Follows the checkpoints: which of the entries were signed, by the key announced before. */
function signedHeads(report: Report) {
  let good = 0;
  /** Where the newest checkpoint stands, whether it holds or not: if not, that is a problem of its own. */
  let covered = 0;
  let broken = false;

  function check({ note, size }: Claim, at: number, root: Uint8Array, key: VerifierKey | undefined): void {
    covered = at;
    if (!key) {
      report('key', null, `A checkpoint of ${size} entries is signed before any key was announced.`);
      return;
    }
    const opened = openCheckpoint(note, key);
    if (!opened.ok) {
      const how = opened.how === 'key' ? 'key' : 'signature';
      report(how, good, `The checkpoint of ${size} entries does not hold: ${opened.because}.`);
    } else if (opened.checkpoint.origin !== key.name || size !== at) {
      report('signature', good, `The checkpoint of ${size} entries belongs to another log or place.`);
    } else if (areSame(opened.checkpoint.root, root)) {
      good = size;
    } else if (!broken) {
      broken = true;
      report('altered', good, `${entriesFrom(good, size)}: not, or not all, what was signed.`, size - 1);
    }
  }

  function finish(size: number, lastToSign: number): void {
    if (size > 0 && covered === 0) {
      report('unsigned', 0, `None of the ${size} entries is signed. ${HOW_TO_SIGN}`);
    } else if (lastToSign >= covered) {
      report('unsigned', covered, `Not signed: ${entriesFrom(covered, size).toLowerCase()}. ${HOW_TO_SIGN}`);
    }
  }

  return { check, finish, size: () => good };
}

const HOW_TO_SIGN =
  'Start Countersign and unlock its vault (COUNTERSIGN_PASSPHRASE, or the Unlock dialog): it signs what is there.';

const entriesFrom = (from: number, to: number): string =>
  to - from === 1 ? `Entry ${from}` : `Entries ${from} to ${to - 1}`;
