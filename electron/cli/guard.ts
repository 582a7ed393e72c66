import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { type Checked, checkProposal, testEnvelope } from '../host/guard-check.ts';
import { DOES_NOT_HOLD, json, out } from './output.ts';

/** `guard check`: the verdict on a proposal in a file. Exit code 0 for an offer, 1 for a denial or an escalation. */
export function guardCommands(program: Command): void {
  program
    .command('guard')
    .description('asks the guard without proposing anything')
    .command('check')
    .description('the verdict that an envelope gives on a proposal, and the rules that gave it')
    .requiredOption('--envelope <dir>', 'the folder with envelope.yaml and policies/')
    .requiredOption('--proposal <file>', 'a stored proposal, or the facts of a request, as JSON')
    .option('--at <time>', 'judged at this moment (ISO 8601) instead of now', moment)
    .option('--json', 'one JSON document on standard output')
    .action((options: { envelope: string; proposal: string; at?: number; json?: boolean }) => {
      const atMs = options.at ?? Date.now();
      const checked = checkProposal(resolve(options.envelope), resolve(options.proposal), atMs);
      if (options.json) json({ ...checked.verdict, assumed: checked.assumed, unsigned: checked.unsigned });
      else tell(checked);
      if (checked.verdict.kind !== 'offer') process.exitCode = DOES_NOT_HOLD;
    });
}

/** `envelope test`: the verdicts that the envelope's own tests expect. Exit code 1 names each that differs. */
export function envelopeTestCommand(envelope: Command, defaultDir: () => string): void {
  envelope
    .command('test')
    .description('runs tests.yaml of an envelope: requests and the verdicts they must get')
    .option('--envelope <dir>', 'the folder; by default the envelope that ships')
    .option('--json', 'one JSON document on standard output')
    .action((options: { envelope?: string; json?: boolean }) => {
      const dir = options.envelope === undefined ? defaultDir() : resolve(options.envelope);
      const results = testEnvelope(dir);
      const different = results.filter(({ passed }) => !passed);
      if (options.json) {
        json({ passed: results.length - different.length, failed: different.length, tests: results });
      } else {
        for (const { name, expected, verdict } of different) {
          out(`${name}: expected ${expectedInWords(expected)}, got ${verdictInWords(verdict)}`);
        }
        out(`${results.length - different.length} passed, ${different.length} failed`);
      }
      if (different.length > 0) process.exitCode = DOES_NOT_HOLD;
    });
}

function tell({ verdict, assumed, unsigned }: Checked): void {
  out(
    `${verdict.kind}${verdict.kind === 'offer' ? ` at tier ${verdict.tier}` : ''}, envelope ${verdict.envelope.version} (${verdict.envelope.digest})`,
  );
  for (const { rule, sentence } of verdict.rules) out(`  ${rule}: ${sentence}`);
  if (unsigned !== null) out(`As it stands it would not be in force: ${unsigned}`);
  if (assumed.length > 0) out(`Assumed, as the file does not say: ${assumed.join(', ')}`);
}

type Verdict = Checked['verdict'];
type Expected = ReturnType<typeof testEnvelope>[number]['expected'];

const expectedInWords = (expected: Expected) =>
  expected.verdict === 'offer' ? `offer at ${expected.tier}` : `${expected.verdict} by ${expected.by}`;

const verdictInWords = (verdict: Verdict) =>
  verdict.kind === 'offer'
    ? `offer at ${verdict.tier}`
    : `${verdict.kind} by ${verdict.rules.map(({ rule, sentence }) => `${rule} (${sentence})`).join(', ')}`;

/** @throws InvalidArgumentError for anything but a date with time and offset. */
function moment(text: string): number {
  const parsed = z.iso.datetime({ offset: true }).safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('a time as 2026-03-03T03:00:00Z');
  return Date.parse(parsed.data);
}
