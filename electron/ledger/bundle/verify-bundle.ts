/**
 * Checks a bundle from its files alone, in flat memory. Every byte of every file counts: a change to any one of them is
 * found. What a bundle cannot show is said in `docs/ledger-format.md`.
 */
import { resolve } from 'node:path';
import { Failure, messageOf } from '../../platform/failure.ts';
import { decisionProblem } from '../decision.ts';
import { type LedgerEntry, parseEntry } from '../entry.ts';
import { keyHistory } from '../keys/key-history.ts';
import { type Checkpoint, fromBase64, openCheckpoint, readCheckpoint, verifierKeyText } from '../note.ts';
import { type PersonalReader, type PersonalRow, personalCheck } from '../personal/personal-check.ts';
import { parseInclusionProof, verifyConsistencyProof } from '../proofs/tlog-proof.ts';
import { append, areSame, emptyFrontier, type Hash, isIncluded, leafHash, rootOf } from '../tree.ts';
import type { Problem, Verification } from '../verify/verification.ts';
import { verifyLog } from '../verify/verify.ts';
import { type BundleFolder, bundleFolder } from './bundle-folder.ts';
import { bundleFiles, isBundle, numberIn, parseDigests, parsePersonal, parseProof } from './bundle-format.ts';

/** `complete` is false for a bundle of a part: what is in it holds, and other entries exist. */
export type BundleVerification = Verification & { complete: boolean };

type Keys = ReturnType<typeof keyHistory>;
/** What the entries show, whichever way they were checked. */
type Checked = { verification: Verification; keys: Keys };
type Signed = { note: string; checkpoint: Checkpoint };

/**
 * Verifies the bundle in `directory`. Whatever is wrong with it is an answer.
 * @throws Failure `not_found` when the folder is no bundle, `storage` when its files cannot be read.
 */
export function verifyBundle(directory: string): BundleVerification {
  if (!isBundle(directory))
    throw new Failure('not_found', `${resolve(directory)} holds no ${bundleFiles.entries}: it is no bundle.`);
  const folder = bundleFolder(directory);
  const personal = personalIn(folder);
  const complete = !folder.names.includes(bundleFiles.proofs);
  const { verification, keys } = complete
    ? verifyWhole(folder, personal.reader)
    : verifyPart(folder, personal.reader);
  const problems = [
    ...verification.problems,
    ...personal.problems,
    ...keyFileProblems(folder, keys),
    ...olderHeadProblems(folder, keys),
    ...proofFileProblems(folder),
    ...digestProblems(folder),
  ];
  return { ...verification, complete, ok: problems.length === 0, problems };
}

function verifyWhole(folder: BundleFolder, personal: PersonalReader): Checked {
  const note = folder.text(bundleFiles.checkpoint);
  const older = olderHeads(folder).map((head) => head.note);
  const areSigned = areLeavesSigned(folder, readCheckpoint(note ?? ''));
  let keys = keyHistory();
  const verification = verifyLog({
    // Read again from the beginning when something does not hold.
    entries: function* () {
      keys = keyHistory();
      const leaves = areSigned ? folder.lines(bundleFiles.leaves) : undefined;
      try {
        for (const bytes of folder.lines(bundleFiles.entries)) {
          // Only what may be about a key is read twice.
          const entry = KEY_WORDS.some((word) => includes(bytes, word)) ? read(bytes) : undefined;
          if (typeof entry === 'object') keys.add(entry);
          const leaf = leaves && leafIn(leaves.next().value);
          yield leaf ? { bytes, leaf } : { bytes };
        }
      } finally {
        // Closes the file, which may hold more lines than there are entries.
        leaves?.return(undefined);
      }
    },
    personal,
    checkpoints: () => (note === undefined ? older : [...older, note]),
  });
  const { size, problems } = verification;
  const covered = readCheckpoint(note ?? '')?.size ?? 0;
  if (problems.length === 0 && size !== covered) {
    const says = `The checkpoint covers ${covered} entries, but ${size} are there.`;
    problems.push({ how: 'unsigned', seq: covered, says });
  }
  if (!areSigned) problems.push(bad('altered', `${bundleFiles.leaves} does not lead to the signed root.`));
  return { verification, keys };
}

/** Whether the leaf hashes are those that were signed, and not made to fit entries that were changed. */
function areLeavesSigned(folder: BundleFolder, head: Checkpoint | undefined): boolean {
  if (!head) return false;
  let frontier = emptyFrontier;
  for (const line of folder.lines(bundleFiles.leaves)) {
    const leaf = leafIn(line);
    if (!leaf || frontier.size === head.size) return false;
    frontier = append(frontier, leaf).frontier;
  }
  return frontier.size === head.size && areSame(rootOf(frontier), head.root);
}

/** Undefined for a line that is no hash. */
function leafIn(line: Uint8Array | undefined): Hash | undefined {
  const hash = fromBase64(Buffer.from(line ?? []).toString('latin1'));
  return hash?.length === 32 ? hash : undefined;
}

const KEY_WORDS = ['"kind":"log.opened"', '"kind":"key"'];
const includes = (bytes: Uint8Array, word: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(word);

/** The root cannot be recomputed, so each entry must prove its own place under the signed one. */
function verifyPart(folder: BundleFolder, personal: PersonalReader): Checked {
  const { report, problems } = fewProblems();
  const note = folder.text(bundleFiles.checkpoint) ?? '';
  const head = readCheckpoint(note);
  const proofs = folder.lines(bundleFiles.proofs);
  const keys = keyHistory();
  const apart = personalCheck(personal);
  let realm: LedgerEntry['realm'] | undefined;
  let size = 0;
  let last = -1;
  for (const bytes of folder.lines(bundleFiles.entries)) {
    const proof = parseProof(proofs.next().value);
    const entry = read(bytes);
    size += 1;
    if (typeof entry === 'string') {
      report('altered', proof?.seq ?? null, `Line ${size} of the entries is no entry. ${entry}`);
    } else if (entry.seq <= last) {
      report('reordered', entry.seq, `Entry ${entry.seq} stands after entry ${last}.`);
    } else if (
      !head ||
      proof?.seq !== entry.seq ||
      !isIncluded(leafHash(bytes), entry.seq, head.size, proof.hashes, head.root)
    ) {
      report('altered', entry.seq, `Entry ${entry.seq} is not in the log that was signed.`);
    } else {
      last = entry.seq;
      realm ??= entry.realm;
      for (const { how, says } of contentProblems(entry, realm, keys, apart)) report(how, entry.seq, says);
    }
  }
  const more = proofs.next();
  proofs.return(undefined);
  if (!more.done)
    report('missing', parseProof(more.value)?.seq ?? null, 'There are more proofs than entries.');
  const left = apart.finish();
  if (left) report('altered', null, left);
  const signature = signatureProblem(note, head, keys);
  if (signature) report(signature.how, signature.seq, signature.says);
  return {
    keys,
    verification: {
      ok: problems().length === 0,
      origin: head?.origin ?? null,
      size,
      signedSize: head?.size ?? 0,
      rootHex: Buffer.from(head?.root ?? []).toString('hex'),
      key: keys.all().at(-1) ?? null,
      problems: problems(),
      erased: apart.erased(),
    },
  };
}

/** What a proof of its place does not show about an entry. */
function contentProblems(
  entry: LedgerEntry,
  realm: LedgerEntry['realm'],
  keys: Keys,
  apart: ReturnType<typeof personalCheck>,
): Pick<Problem, 'how' | 'says'>[] {
  const { seq, kind } = entry;
  const unsigned = decisionProblem(entry);
  const wrongKey = keys.add(entry);
  const unkept = apart.add(entry);
  return [
    ...(seq === 0 && kind !== 'log.opened'
      ? [{ how: 'missing' as const, says: 'The log does not begin with the entry that opened it.' }]
      : []),
    ...(seq > 0 && kind === 'log.opened'
      ? [{ how: 'reordered' as const, says: `Entry ${seq} opens the log a second time.` }]
      : []),
    ...(entry.realm !== realm
      ? [{ how: 'altered' as const, says: `Entry ${seq} belongs to another realm than those before it.` }]
      : []),
    ...(unsigned ? [{ how: 'signature' as const, says: `Entry ${seq} ${unsigned}.` }] : []),
    ...(unkept ? [{ how: 'altered' as const, says: `Entry ${seq} ${unkept}.` }] : []),
    ...(wrongKey ? [{ how: 'key' as const, says: `Entry ${seq} ${wrongKey}.` }] : []),
  ];
}

/** INVARIANT: a note counts only under the key that the entries name for its size, and only for their log. */
function signatureProblem(note: string, head: Checkpoint | undefined, keys: Keys): Problem | undefined {
  if (!head) return { how: 'signature', seq: null, says: 'The checkpoint cannot be read.' };
  const key = keys.at(head.size);
  if (!key) return { how: 'key', seq: null, says: 'No entry that holds names the key of the checkpoint.' };
  const opened = openCheckpoint(note, key);
  if (!opened.ok) {
    const how = opened.how === 'key' ? 'key' : 'signature';
    return {
      how,
      seq: null,
      says: `The checkpoint of ${head.size} entries does not hold: ${opened.because}.`,
    };
  }
  if (head.origin === key.name) return undefined;
  return {
    how: 'signature',
    seq: null,
    says: `The checkpoint of ${head.size} entries belongs to another log.`,
  };
}

function keyFileProblems(folder: BundleFolder, keys: Keys): Problem[] {
  const expected = keys
    .all()
    .map((key) => `${verifierKeyText(key)}\n`)
    .join('');
  if (expected !== '' && folder.text(bundleFiles.key) === expected) return [];
  return [bad('key', `The file ${bundleFiles.key} does not name the keys that the log itself names.`)];
}

/** Smallest first. A file that is no note, or not of the size in its name, is found by `olderHeadProblems`. */
const olderHeads = (folder: BundleFolder): Signed[] =>
  folder.names
    .flatMap((name) => {
      const size = numberIn('checkpoint', name);
      const note = size === undefined ? undefined : folder.text(name);
      const checkpoint = readCheckpoint(note ?? '');
      return note !== undefined && checkpoint && checkpoint.size === size ? [{ note, checkpoint }] : [];
    })
    .sort((a, b) => a.checkpoint.size - b.checkpoint.size);

/** Each earlier head must be signed, and proven to be the beginning of the newest one, whose proof ends with its note. */
function olderHeadProblems(folder: BundleFolder, keys: Keys): Problem[] {
  const note = folder.text(bundleFiles.checkpoint);
  const newest = readCheckpoint(note ?? '');
  const key = newest && keys.at(newest.size);
  const readable = new Map(olderHeads(folder).map((head) => [head.checkpoint.size, head]));
  return folder.names.flatMap((name) => {
    const size = numberIn('checkpoint', name) ?? numberIn('consistency', name);
    if (size === undefined) return [];
    const head = readable.get(size);
    if (!head) return [bad('signature', `There is no checkpoint of ${size} entries to go with ${name}.`)];
    if (numberIn('checkpoint', name) !== undefined) {
      const problem = signatureProblem(head.note, head.checkpoint, keys);
      return problem ? [problem] : [];
    }
    const proof = folder.text(name) ?? '';
    const proven = key && verifyConsistencyProof(proof, key, head.checkpoint);
    if (proven?.ok && note !== undefined && proof.endsWith(`\n\n${note}`)) return [];
    const because = proven?.ok === false ? `: ${proven.because}` : '';
    return [
      bad('forked', `${name} does not prove that the log extends its first ${size} entries${because}.`),
    ];
  });
}

/** A proof in a file of its own must prove that entry of the bundle, under the checkpoint of the bundle. */
function proofFileProblems(folder: BundleFolder): Problem[] {
  const wanted = new Map(
    folder.names.flatMap((name) => {
      const seq = numberIn('proof', name);
      return seq === undefined ? [] : [[seq, name] as const];
    }),
  );
  if (wanted.size === 0) return [];
  const note = folder.text(bundleFiles.checkpoint);
  const head = readCheckpoint(note ?? '');
  for (const bytes of folder.lines(bundleFiles.entries)) {
    const seq = placeIn(bytes);
    const name = seq === undefined ? undefined : wanted.get(seq);
    if (!head || seq === undefined || name === undefined) continue;
    const proof = parseInclusionProof(folder.text(name) ?? '');
    const isProven =
      proof?.index === seq &&
      proof.checkpoint === note &&
      isIncluded(leafHash(bytes), seq, head.size, proof.hashes, head.root);
    if (isProven) wanted.delete(seq);
  }
  return [...wanted].slice(0, MOST_OF_A_SORT).map(([seq, name]) => ({
    ...bad('altered', `${name} does not prove entry ${seq} of this bundle.`),
    seq,
  }));
}

/** As the canonical form of an entry ends. What is no entry is found elsewhere. */
function placeIn(bytes: Uint8Array): number | undefined {
  const end = Buffer.from(bytes.subarray(-40)).toString('latin1');
  const place = Number(/"seq":(\d{1,16}),"v":1\}$/.exec(end)?.[1]);
  return Number.isSafeInteger(place) ? place : undefined;
}

/** Only with this does a byte of the files for people count, which nothing signs. */
function digestProblems(folder: BundleFolder): Problem[] {
  const listed = parseDigests(folder.text(bundleFiles.digests) ?? '');
  if (!listed) return [bad('missing', `${bundleFiles.digests} is missing or cannot be read.`)];
  const { report, problems } = fewProblems();
  for (const name of folder.names) {
    if (name === bundleFiles.digests) continue;
    const digest = listed.get(name);
    if (digest === undefined) {
      report('altered', null, `${name} is not part of the bundle: ${bundleFiles.digests} does not list it.`);
    } else if (digest !== folder.digest(name)) {
      report('altered', null, `${name} is not the file that ${bundleFiles.digests} lists.`);
    }
  }
  for (const name of [...listed.keys(), bundleFiles.entries, bundleFiles.checkpoint, bundleFiles.summary]) {
    if (!folder.names.includes(name)) report('missing', null, `${name} is missing.`);
  }
  return problems();
}

/** What stands apart from the entries. Little enough to be held in memory: what people wrote, and what a model said. */
function personalIn(folder: BundleFolder): { reader: PersonalReader; problems: Problem[] } {
  const rows = new Map<string, PersonalRow>();
  let isReadable = true;
  for (const line of folder.lines(bundleFiles.personal)) {
    const parsed = parsePersonal(line);
    const name = parsed && `${parsed.seq} ${parsed.member}`;
    if (!parsed || name === undefined || rows.has(name)) isReadable = false;
    else rows.set(name, parsed.row);
  }
  return {
    reader: {
      at: (seq, member) => rows.get(`${seq} ${member}`),
      count: () => rows.size,
      mayBeWithheld: true,
    },
    problems: isReadable ? [] : [bad('altered', `${bundleFiles.personal} has a line that cannot be read.`)],
  };
}

const MOST_OF_A_SORT = 5;
const bad = (how: Problem['how'], says: string): Problem => ({ how, seq: null, says });

/** Only the first few of each sort, so that garbage of any length fits into memory. */
function fewProblems() {
  const kept: Problem[] = [];
  const report = (how: Problem['how'], seq: number | null, says: string): void => {
    if (kept.filter((problem) => problem.how === how).length < MOST_OF_A_SORT) kept.push({ how, seq, says });
  };
  return { report, problems: (): Problem[] => kept };
}

function read(bytes: Uint8Array): LedgerEntry | string {
  try {
    return parseEntry(bytes);
  } catch (error) {
    return messageOf(error);
  }
}
