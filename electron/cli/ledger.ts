import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { readRetention } from '../host/retention-desk.ts';
import { type PathVerification, verifyPath } from '../host/verify-path.ts';
import { Failure } from '../platform/failure.ts';
import { keep } from './keep.ts';
import { exportCommand, proveCommand } from './ledger-export.ts';
import { queryCommand, whyCommand } from './ledger-query.ts';
import { witnessCommand } from './ledger-witness.ts';
import { DOES_NOT_HOLD, json, out } from './output.ts';
import { progressLine } from './progress-line.ts';
import { realmOption } from './realm-option.ts';

/** `ledger …`: what an auditor asks of the signed log, and what its keeper does to it. */
export function ledgerCommands(program: Command, dataDir: () => string): void {
  const ledger = program.command('ledger').description('the signed log');
  ledger
    .command('verify')
    .description('recomputes every log of a bundle or a data directory')
    .argument('[path]', 'a bundle or a data directory; by default the data directory')
    .option('--json', 'one JSON document on standard output')
    .action((path: string | undefined, options: { json?: boolean }) => {
      const verified = verifiedPath(path === undefined ? dataDir() : resolve(path), options.json === true);
      if (options.json) json(jsonOf(verified));
      else tellVerification(verified);
      if (!verified.ok) process.exitCode = DOES_NOT_HOLD;
    });
  exportCommand(ledger, dataDir);
  proveCommand(ledger, dataDir);
  queryCommand(ledger, dataDir);
  whyCommand(ledger, dataDir);
  witnessCommand(ledger, dataDir);
  ledger
    .command('erase')
    .description('erases now what the rules of retention.yaml say is due')
    .addOption(realmOption().makeOptionMandatory())
    .option('--json', 'one JSON document on standard output')
    .action(({ realm, json: asJson }: { realm: Realm; json?: boolean }) => {
      const retention = readRetention(dataDir());
      if (!retention)
        throw new Failure(
          'not_found',
          `There is no retention.yaml in ${dataDir()}: no rule says what to erase.`,
        );
      return keep(dataDir(), realm, ({ upkeep }) => {
        const erased = upkeep.eraseDue(retention);
        if (asJson) json(erased);
        else if (erased.length === 0) out('Nothing is due.');
        else for (const { rule, values, reads } of erased) out(`${rule}: ${values} texts, ${reads} readings`);
      });
    });
  ledger
    .command('change-key')
    .description('a new key signs from here on; the old one vouches for it')
    .addOption(realmOption().makeOptionMandatory())
    .requiredOption('--reason <why>', 'stands on record with your name')
    .action((options: { realm: Realm; reason: string }) =>
      keep(dataDir(), options.realm, ({ upkeep }, person) => {
        upkeep.changeKey(person, options.reason);
        out('The key was changed.');
      }),
    );
  ledger
    .command('begin-anew')
    .description('a new log in the place of one that does not hold; the old one is set aside whole')
    .addOption(realmOption().makeOptionMandatory())
    .requiredOption('--reason <why>', 'stands on record with your name')
    .action((options: { realm: Realm; reason: string }) =>
      keep(dataDir(), options.realm, ({ upkeep }, person) => {
        out(`A new log was begun. The old one is kept as ${upkeep.beginAnew(person, options.reason)}`);
      }),
    );
}

/** Somebody who waits at a terminal sees how far it got. */
function verifiedPath(path: string, isQuiet: boolean): PathVerification {
  if (isQuiet || !process.stderr.isTTY) return verifyPath(path);
  const progress = progressLine(process.stderr);
  try {
    return verifyPath(path, progress.tell);
  } finally {
    progress.clear();
  }
}

const jsonOf = ({ ok, logs }: PathVerification) => ({
  ok,
  logs: logs.map(({ what, verification: { ok, origin, size, rootHex, problems, erased } }) => ({
    what,
    ok,
    origin,
    size,
    root: rootHex,
    problems,
    erased,
  })),
});

function tellVerification({ logs }: PathVerification): void {
  for (const { what, verification } of logs) {
    const { ok, size, rootHex, problems } = verification;
    out(`${ok ? 'holds' : 'DOES NOT HOLD'}: ${what}, ${size} entries, root ${rootHex}`);
    for (const { says } of problems) out(`  ${says}`);
    for (const { rule, values } of verification.erased) out(`  ${values} texts: erased under rule ${rule}`);
  }
}
