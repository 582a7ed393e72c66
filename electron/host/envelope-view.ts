/** What the Envelope page and `envelope show` and `diff` tell, from the desk, the log and two envelopes. */

import { MANIFEST } from '../../shared/formats/envelope-folder.ts';
import type {
  ActionEvidence,
  EnvelopeContent,
  EnvelopeDiff,
  EnvelopeThen,
  EnvelopeVersionView,
  EnvelopeView,
} from '../../shared/vocabulary/envelope.ts';
import type { Proposal, ProposalState } from '../../shared/vocabulary/proposal.ts';
import { compareDocuments } from '../guard/envelope/compare-documents.ts';
import { actionsToVouchFor, type ComparedRequests } from '../guard/envelope/compare-requests.ts';
import type { EnvelopePair } from '../guard/envelope/compare-worker.ts';
import { evidenceFor } from '../guard/envelope/evidence.ts';
import { envelopeInWords } from '../guard/envelope/in-words.ts';
import { loadFrom } from '../guard/envelope/load-envelope.ts';
import type { LoadedEnvelope } from '../guard/envelope/loaded-envelope.ts';
import {
  allowedAt,
  type EnvelopeRecord,
  textsOf,
  type VersionOnRecord,
  versionsOnRecord,
} from '../guard/envelope/on-record.ts';
import type { Judged } from '../guard/envelope/trust.ts';
import { mayBeOffered } from '../guard/may-be-offered.ts';
import { Failure } from '../platform/failure.ts';
import { workerPool } from '../platform/worker-pool.ts';
import { agreement } from '../proposals/agreement.ts';
import type { RealmDesk } from './realm.ts';

export function envelopeView(
  where: string,
  judged: Judged,
  record: EnvelopeRecord,
  proposals: readonly Proposal[],
): EnvelopeView {
  const actions = [...new Set(proposals.map(({ action }) => action))].sort();
  return {
    where,
    now: nowOf(judged),
    versions: versionsOnRecord(record).map(versionView),
    evidence: evidenceOf(actions, proposals).filter(
      ({ executions, judgements }) => executions + judgements > 0,
    ),
  };
}

function evidenceOf(actions: readonly string[], proposals: readonly Proposal[]): ActionEvidence[] {
  const inState = (state: ProposalState) => proposals.filter(({ progress }) => progress.state === state);
  return evidenceFor(actions, proposals, agreement({ inState }));
}

function nowOf(judged: Judged): EnvelopeView['now'] {
  if (judged.kind === 'none') return judged;
  const { loaded, manifest, trustedAs } = judged;
  const { validUntil } = loaded.envelope;
  return {
    kind: 'in-force',
    version: loaded.envelope.version,
    digest: loaded.digest,
    signer: manifest.signer,
    trustedAs,
    signedMs: Date.parse(manifest.signedAt),
    untilMs: validUntil === undefined ? null : Date.parse(validUntil),
    content: contentOf(loaded),
  };
}

const versionView = (version: VersionOnRecord): EnvelopeVersionView => ({
  version: version.version,
  digest: version.digest,
  signer: version.signer,
  trustedAs: version.trustedAs,
  signedMs: Date.parse(version.signedAt),
  untilMs: version.validUntil === null ? null : Date.parse(version.validUntil),
  acceptedMs: version.atMs,
  seq: version.seq,
});

/** What the policies permit takes a tenth of a second to find out, and the page asks often. */
function contentOf(loaded: LoadedEnvelope): EnvelopeContent {
  const told = contents.get(loaded);
  if (told) return told;
  const mayPropose = mayBeOffered(loaded).map(
    ({ action, environments }) => `${action} in ${environments.join(', ')}`,
  );
  const content = envelopeInWords(loaded, mayPropose);
  contents.set(loaded, content);
  return content;
}

const contents = new WeakMap<LoadedEnvelope, EnvelopeContent>();

/** The clock of whoever asks may be ahead by so much, and mean the present. */
const AHEAD_MS = 1_000;

/** What was allowed at a time, from the log alone. */
export function envelopeThen(record: EnvelopeRecord, atMs: number, nowMs: number): EnvelopeThen {
  if (atMs > nowMs + AHEAD_MS) return { kind: 'not-on-record', because: 'That is still to come.' };
  const allowed = allowedAt(record, atMs);
  if (!allowed) {
    return { kind: 'not-on-record', because: 'The log says nothing about an envelope up to then.' };
  }
  if (allowed.kind === 'none') return allowed;
  const version = versionsOnRecord(record).find(({ digest }) => digest === allowed.digest);
  return { ...allowed, content: version ? contentOf(loadedVersion(record, version)) : null };
}

/** An accepted version, as it stands in the log. @throws Failure `not_found` when none has this digest. */
export function recordedEnvelope(record: EnvelopeRecord, digest: string): LoadedEnvelope {
  const version = versionsOnRecord(record).find((one) => one.digest === digest);
  if (!version) throw new Failure('not_found', `No version with the digest ${digest} is on record`);
  return loadedVersion(record, version);
}

function loadedVersion(record: EnvelopeRecord, version: VersionOnRecord): LoadedEnvelope {
  const texts = textsOf(record, version);
  const files = new Map([...texts].filter(([path]) => path !== MANIFEST));
  return loadFrom(files, `version ${version.version} in the log`, version.digest);
}

/** What an edit makes wider and narrower, with what speaks for each action that became wider. */
export function envelopeDiff(
  older: LoadedEnvelope,
  newer: LoadedEnvelope,
  proposals: readonly Proposal[],
  { requests, widened }: ComparedRequests,
): EnvelopeDiff {
  const changes = compareDocuments(older, newer);
  return {
    older: older.envelope.version,
    newer: newer.envelope.version,
    changes,
    requests,
    evidence: evidenceOf(actionsToVouchFor(newer, changes, widened), proposals),
  };
}

/** What a screen asks about the envelope of a realm. Close it. */
export function envelopeQuestions({
  envelope,
  ledger,
  proposals,
  clock,
}: Pick<RealmDesk, 'envelope' | 'ledger' | 'clock'> & { proposals: Pick<RealmDesk['proposals'], 'all'> }) {
  const comparing = workerPool<EnvelopePair, ComparedRequests>('guard/envelope/compare-worker.ts', {
    threads: 1,
  });
  return {
    show: (): EnvelopeView => envelopeView(envelope.dir(), envelope.judged(), ledger, proposals.all()),
    async diff(olderDigest: string, newerDigest: string): Promise<EnvelopeDiff> {
      const older = recordedEnvelope(ledger, olderDigest);
      const newer = recordedEnvelope(ledger, newerDigest);
      const compared = await comparing.run({ older: filesOf(older), newer: filesOf(newer) });
      return envelopeDiff(older, newer, proposals.all(), compared);
    },
    at: (atMs: number): EnvelopeThen => envelopeThen(ledger, atMs, clock.now()),
    close: (): Promise<void> => comparing.close(),
  };
}

const filesOf = ({ files, dir, digest }: LoadedEnvelope) => ({ files, dir, digest });
