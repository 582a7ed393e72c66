/**
 * Whether an envelope is in force. Every doubt is a no: unsigned, altered, signed by nobody who is trusted, unparsable,
 * with a policy that does not validate, older than the last accepted or expired, each leaves nothing that may be proposed,
 * and a sentence that says why and what to do.
 */
import { TRUTH_TABLE } from '../../../shared/formats/envelope-folder.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { loadFolder } from './load-envelope.ts';
import type { EnvelopeInForce, LoadedEnvelope } from './loaded-envelope.ts';
import { differenceFrom, digestOf, hasItsSignature, type Manifest, parseManifest } from './manifest.ts';
import { type Folder, folderStamp, readFolder } from './read-folder.ts';

/** As whom the signer is trusted. */
export type TrustedAs = 'publisher' | 'installation' | 'approver';

/** The newest version that this log accepted. */
export type Accepted = {
  version: string;
  digest: string;
  trustedAs: TrustedAs;
  /** Approvers that it names with a key: they may sign the next version. */
  approvers: readonly { name: string; publicKey: string }[];
};

export type Trust = {
  /** Now, and never before the latest time on record: a clock that is set back revives nothing. */
  nowMs: number;
  last: Accepted | null;
  /** Keys of this installation's approvers, in Base64. */
  installation: readonly string[];
  /** The key that the shipped default is signed with, in Base64. */
  publisher: string;
};

export type Judged =
  | { kind: 'in-force'; loaded: LoadedEnvelope; manifest: Manifest; trustedAs: TrustedAs }
  | { kind: 'none'; because: string };

/** Judges a folder as it lies there now. Never throws: what cannot be judged is not in force. */
export function judgeFolder(dir: string, trust: Trust): Judged {
  try {
    if (folderStamp(dir) === null) throw no(`There is no envelope ${dir}`, PUT_BACK);
    return judge(readFolder(dir), trust);
  } catch (error) {
    return { kind: 'none', because: messageOf(error) };
  }
}

/** @throws Failure saying why the folder is not in force, and the remedy. */
export function judge(folder: Folder, trust: Trust): Extract<Judged, { kind: 'in-force' }> {
  const { manifest, digest } = signedManifest(folder);
  const trustedAs = demandTrusted(folder.dir, manifest, trust);
  const loaded = loadedOnce(folder, digest);
  demandVersion(folder.dir, loaded, manifest, trust.last);
  const late = expiryOf(loaded, trust.nowMs);
  if (late) throw no(late, SIGN_ANOTHER);
  return { kind: 'in-force', loaded, manifest, trustedAs };
}

/**
 * What a digest stands for never changes, and to load it takes a while: the last few are kept. Only called for a folder
 * whose every file has been found to be what the digest stands for.
 */
function loadedOnce(folder: Folder, digest: string): LoadedEnvelope {
  const known = lately.get(digest);
  if (known?.dir === folder.dir) return known;
  const loaded = loadFolder(folder, digest);
  const [oldest] = lately.keys();
  if (oldest !== undefined && lately.size >= MOST_KEPT) lately.delete(oldest);
  lately.set(digest, loaded);
  return loaded;
}

const lately = new Map<string, LoadedEnvelope>();
const MOST_KEPT = 4;

/** What the guard is handed. */
export const inForceOf = (judged: Judged): EnvelopeInForce =>
  judged.kind === 'none' ? judged : { kind: 'in-force', loaded: judged.loaded };

/** Why it has expired at this time, in words; undefined while it holds. */
export function expiryOf({ envelope }: LoadedEnvelope, nowMs: number): string | undefined {
  if (envelope.validUntil === undefined || nowMs < Date.parse(envelope.validUntil)) return undefined;
  return `Version ${envelope.version} of the envelope expired at ${envelope.validUntil}`;
}

/** The manifest, its signature and the digest of every file hold. Says nothing about whose signature it is. */
export function signedManifest(folder: Folder): { manifest: Manifest; digest: string } {
  if (folder.manifest === null) throw no(`The envelope ${folder.dir} is not signed`, SIGN);
  const manifest = parseManifest(folder.manifest);
  if (!hasItsSignature(manifest))
    throw no(`The signature of the envelope ${folder.dir} does not hold`, SIGN_OR_PUT_BACK);
  const difference = differenceFrom(manifest, folder.files);
  if (difference) throw no(`The envelope ${folder.dir} was altered: ${difference}`, SIGN_OR_PUT_BACK);
  if (!folder.files.has(TRUTH_TABLE)) throw no(`The envelope ${folder.dir} lacks ${TRUTH_TABLE}`, SIGN);
  return { manifest, digest: digestOf(manifest) };
}

/**
 * INVARIANT: once somebody here signed an envelope, the publisher's default is no longer accepted in its place. Whoever
 * takes the folder away must not bring back what it had narrowed.
 */
function demandTrusted(dir: string, { signer }: Manifest, trust: Trust): TrustedAs {
  const { last, installation, publisher } = trust;
  const key = signer.publicKey;
  if (installation.includes(key)) return 'installation';
  if (last?.approvers.some(({ publicKey }) => publicKey === key)) return 'approver';
  if (key === publisher) {
    if (last === null || last.trustedAs === 'publisher') return 'publisher';
    throw no(
      `This installation has an envelope of its own, version ${last.version}, so the default that came with Countersign does not hold here`,
      'Put the folder `envelope` back into the data directory, or copy the default there and sign it as the next version.',
    );
  }
  throw no(
    `The envelope ${dir} is signed by ${JSON.stringify(signer.name)} with a key that is not trusted here`,
    'Sign it with `envelope sign`, or have it signed by an approver that the last accepted version names with a key.',
  );
}

function demandVersion(
  dir: string,
  { envelope, digest }: LoadedEnvelope,
  manifest: Manifest,
  last: Accepted | null,
): void {
  if (manifest.version !== envelope.version) {
    throw no(
      `envelope.yaml of ${dir} says version ${envelope.version}, and what was signed says ${manifest.version}`,
      SIGN,
    );
  }
  if (last === null || last.digest === digest || isNewer(envelope.version, last.version)) return;
  throw no(
    isNewer(last.version, envelope.version)
      ? `Version ${envelope.version} of the envelope is older than version ${last.version}, which was accepted last`
      : `Version ${envelope.version} of the envelope was accepted with another content`,
    SIGN_ANOTHER,
  );
}

/** Whether a version comes after another. */
export const isNewer = (version: string, than: string): boolean => Number(version) > Number(than);

const SIGN = 'Sign it with `envelope sign`.';
const SIGN_OR_PUT_BACK = 'Put the signed files back, or read what changed and sign it with `envelope sign`.';
const SIGN_ANOTHER = 'Sign a newer version with `envelope sign --as-version`.';
const PUT_BACK = 'Put it back, or make one and sign it with `envelope sign`.';

const no = (why: string, remedy: string) => new Failure('refused', `${why}. ${remedy}`);
