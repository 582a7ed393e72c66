import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedEnvelope } from '../guard/envelope/loaded-envelope.ts';
import { type Checks, type SignedFolder, signFolder } from '../guard/envelope/sign-folder.ts';
import { type Judged, judgeFolder } from '../guard/envelope/trust.ts';
import { runEnvelopeTests } from '../guard/envelope-tests.ts';
import { truthTable } from '../guard/truth-table/truth-table.ts';
import { Failure } from '../platform/failure.ts';
import { envelopeDirOf } from './envelope-desk.ts';
import { type Adapters, buildParts } from './host-parts.ts';

export type Signed = SignedFolder & { person: string; judged: Judged };

/**
 * Signs an envelope with the key of this installation's person, whom the log of real incidents announces by that. What
 * lies where it is in use is on record as accepted when this returns.
 * @throws Failure `locked` without the passphrase, and as `signFolder`; nothing is written then.
 */
export async function signEnvelope(
  adapters: Omit<Adapters, 'shell'>,
  { envelope: chosen, version }: { envelope?: string | undefined; version?: string | undefined },
): Promise<Signed> {
  const { dataDir, resourcesDir } = adapters;
  const dir = chosen ?? join(dataDir, 'envelope');
  if (!existsSync(dir)) {
    throw new Failure(
      'not_found',
      `There is no envelope ${dir}. Copy ${join(resourcesDir, 'envelope')} there, edit it, and sign it.`,
    );
  }
  const { real, settings, close } = await buildParts({ ...adapters, shell: 'cli' });
  try {
    const person = settings.person();
    const signer = real.approver(person);
    const { nowMs, last } = real.envelope.trust();
    const about = { dir, version, name: person, signedAtMs: nowMs, last: last?.version ?? null };
    const signed = signFolder(about, signer, checks);
    real.ledger.announceApprover({ person, signer }, { kind: 'person', name: person });
    const isInUse = dir === envelopeDirOf(dataDir, resourcesDir);
    if (isInUse) real.envelope.record();
    const judged = isInUse ? real.envelope.judged() : judgeFolder(dir, real.envelope.trust());
    return { ...signed, person, judged };
  } finally {
    await close();
  }
}

/** What is done before anything is signed. */
export const checks: Checks = {
  runTests: failedTests,
  tableOf: (loaded) => `${JSON.stringify(truthTable(loaded))}\n`,
};

/** The envelope's own tests: how many there are, and a sentence for each that fails. */
function failedTests(loaded: LoadedEnvelope): { count: number; failures: string[] } {
  const text = loaded.files['tests.yaml'];
  if (text === undefined) return { count: 0, failures: [] };
  const results = runEnvelopeTests(loaded, { file: join(loaded.dir, 'tests.yaml'), text });
  const failures = results.flatMap(({ name, passed, expected, verdict }) =>
    passed ? [] : [`${name}: expected ${expected.verdict}, got ${verdict.kind}`],
  );
  return { count: results.length, failures };
}
