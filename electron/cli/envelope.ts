import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type {
  EnvelopeContent,
  EnvelopeDiff,
  EnvelopeThen,
  EnvelopeView,
} from '../../shared/vocabulary/envelope.ts';
import { defaultEnvelopeDir } from '../host/envelope-desk.ts';
import { signEnvelope } from '../host/sign-envelope.ts';
import { diffStored, showStored, storedAt, verifyStored } from '../host/stored-envelope.ts';
import { closer } from '../platform/closer.ts';
import { resourcesDir, version } from '../platform/paths.ts';
import { takeDataDir, takePassphrase } from '../platform/take-data-dir.ts';
import { envelopeTestCommand } from './guard.ts';
import { DOES_NOT_HOLD, json, out } from './output.ts';

type Common = { envelope?: string; json?: boolean };

/** `envelope …`: signs and tells what may be proposed. */
export function envelopeCommands(program: Command, dataDir: () => string): void {
  const envelope = program
    .command('envelope')
    .description('what may be proposed: a signed, versioned folder');
  const dirs = (chosen: string | undefined) => ({
    dataDir: dataDir(),
    resourcesDir: resourcesDir(),
    envelope: chosen === undefined ? undefined : resolve(chosen),
  });
  envelope
    .command('sign')
    .description('checks an envelope, runs its tests and signs it with the key of this data directory')
    .option('--envelope <dir>', 'by default `envelope` in the data directory')
    .option('--as-version <n>', 'a whole number above the last; written into envelope.yaml', wholeVersion)
    .option('--json', 'one JSON document on standard output')
    .action((options: Common & { asVersion?: string }) => sign(dirs(options.envelope), options));
  envelope
    .command('verify')
    .description(
      'whether it would be in force for real incidents here; exit code 1, and why, when it would not',
    )
    .option('--envelope <dir>', 'by default the one that is used')
    .option('--json', 'one JSON document on standard output')
    .action((options: Common) => {
      const { dir, judged } = verifyStored(dirs(options.envelope), Date.now());
      if (judged.kind === 'none') {
        if (options.json) json({ inForce: false, dir, because: judged.because });
        else out(judged.because);
        process.exitCode = DOES_NOT_HOLD;
        return;
      }
      const { loaded, manifest, trustedAs } = judged;
      const about = {
        dir,
        version: loaded.envelope.version,
        digest: loaded.digest,
        signer: manifest.signer,
        trustedAs,
        signedAt: manifest.signedAt,
        validUntil: loaded.envelope.validUntil ?? null,
      };
      if (options.json) json({ inForce: true, ...about });
      else out(`In force: version ${about.version}, signed by ${about.signer.name}, digest ${about.digest}`);
    });
  envelope
    .command('show')
    .description('what may be proposed now, or at a time in the past as the log has it')
    .option('--at <time>', 'at this moment (ISO 8601), from the log', moment)
    .option('--json', 'one JSON document on standard output')
    .action((options: { at?: number; json?: boolean }) => {
      if (options.at === undefined) {
        const view = showStored(dirs(undefined), Date.now());
        if (options.json) json(view);
        else tellView(view);
        return;
      }
      const then = storedAt(dataDir(), options.at, Date.now());
      if (options.json) json(then);
      else tellThen(then);
      if (then.kind === 'not-on-record') process.exitCode = DOES_NOT_HOLD;
    });
  envelope
    .command('diff')
    .description('what became wider and narrower, in words, and what speaks for the wider')
    .argument('<old>', 'a folder; alone, it is compared with the last accepted version')
    .argument('[new]', 'another folder')
    .option('--json', 'one JSON document on standard output')
    .action((older: string, newer: string | undefined, options: { json?: boolean }) => {
      const folders =
        newer === undefined ? { newer: resolve(older) } : { older: resolve(older), newer: resolve(newer) };
      const diff = diffStored(dataDir(), folders);
      if (options.json) json(diff);
      else tellDiff(diff);
    });
  envelopeTestCommand(envelope, () => defaultEnvelopeDir(resourcesDir()));
}

async function sign(
  { dataDir, envelope }: { dataDir: string; envelope: string | undefined },
  options: Common & { asVersion?: string },
): Promise<void> {
  const ending = closer();
  try {
    const log = await takeDataDir(dataDir, ending);
    const passphrase = takePassphrase();
    if (passphrase !== undefined) log.redact(passphrase);
    const { judged, ...signed } = await signEnvelope(
      {
        dataDir,
        resourcesDir: resourcesDir(),
        version: version(),
        logger: log.logger,
        onSecret: log.redact,
        passphrase,
      },
      { envelope, version: options.asVersion },
    );
    const inForce = judged.kind === 'in-force';
    if (options.json) {
      json({ ...signed, inForce, because: inForce ? null : judged.because });
      return;
    }
    out(
      `Signed version ${signed.version} as ${signed.person}: ${signed.files} files, ${signed.tests} tests hold.`,
    );
    out(`Digest ${signed.digest}`);
    if (!inForce) out(`Not in force here: ${judged.because}`);
  } finally {
    await ending.closeAll();
  }
}

function tellView({ where, now, versions, evidence }: EnvelopeView): void {
  if (now.kind === 'none') {
    out(`No envelope is in force. ${now.because}`);
  } else {
    const until = now.untilMs === null ? '' : `, valid until ${timeOf(now.untilMs)}`;
    out(
      `Version ${now.version} of ${where}, signed by ${now.signer.name} at ${timeOf(now.signedMs)}${until}`,
    );
    out(`Digest ${now.digest}`);
    tellContent(now.content);
  }
  if (evidence.length > 0) out('\nHow it went so far:');
  for (const { sentence } of evidence) out(`  ${sentence}`);
  if (versions.length > 0) out('\nAccepted here:');
  for (const { version: name, acceptedMs, signer, digest } of versions)
    out(`  version ${name} at ${timeOf(acceptedMs)}, signed by ${signer.name}, digest ${digest}`);
}

function tellThen(then: EnvelopeThen): void {
  if (then.kind === 'not-on-record') {
    out(then.because);
    return;
  }
  if (then.kind === 'none') {
    out(`Nothing could be proposed, since ${timeOf(then.sinceMs)}: ${then.because}`);
    return;
  }
  out(`Version ${then.version}, in force since ${timeOf(then.sinceMs)}, digest ${then.digest}`);
  if (then.content) tellContent(then.content);
}

function tellContent(content: EnvelopeContent): void {
  out(`Stage: ${content.stage}`);
  const sections: [string, string[]][] = [
    ['May be proposed', content.mayPropose],
    ['Ceremony', content.tiers],
    ['Windows', content.windows],
    ['Limits', content.limits],
    ['Approvers', content.approvers],
    ['Policies', content.policies],
  ];
  for (const [title, lines] of sections) {
    if (lines.length === 0) continue;
    out(`\n${title}:`);
    for (const line of lines) out(`  ${line}`);
  }
}

function tellDiff({ older, newer, changes, requests, evidence }: EnvelopeDiff): void {
  out(
    `From version ${older} to ${newer}: ${requests.wider} kinds of request are allowed more, ${requests.narrower} less.`,
  );
  for (const { effect, sentence } of changes) out(`  ${WORDS[effect]}  ${sentence}`);
  if (requests.examples.length > 0) out('\nRequests that are answered otherwise:');
  for (const { effect, sentence } of requests.examples) out(`  ${WORDS[effect]}  ${sentence}`);
  if (evidence.length > 0) out('\nWhat speaks for the wider ones:');
  for (const { sentence } of evidence) out(`  ${sentence}`);
}

const WORDS = { wider: 'WIDER   ', narrower: 'narrower', either: 'other   ' };

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

/** @throws InvalidArgumentError for anything but a date, or a date with a time and an offset. */
function moment(text: string): number {
  const atMs = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(atMs))
    throw new InvalidArgumentError('a time as 2026-03-03T03:00:00Z, or a date as 2026-03-03');
  return atMs;
}

function wholeVersion(text: string): string {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return text;
  throw new InvalidArgumentError('a whole number from 1');
}
