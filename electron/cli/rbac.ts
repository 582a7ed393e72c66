import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { envelopeDirOf } from '../host/envelope-desk.ts';
import { writeRoles } from '../host/least-privilege/write-roles.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { resourcesDir } from '../platform/paths.ts';
import { out } from './output.ts';

/** `rbac`: the accounts and roles that the envelope needs in a cluster, and not a verb more. */
export function rbacCommand(program: Command, dataDir: () => string): void {
  program
    .command('rbac')
    .description('writes the Kubernetes accounts and roles that the envelope needs, and not a verb more')
    .requiredOption('--namespace <name...>', 'the namespaces that actions may work in')
    .option('--account-namespace <name>', 'where the two accounts live', 'countersign')
    .option('--envelope <folder>', 'an envelope other than the one in use, signed or not')
    .option('--out <file>', 'a new file to write to, instead of standard output')
    .action((options: { namespace: string[]; accountNamespace: string; envelope?: string; out?: string }) => {
      const yaml = writeRoles({
        envelopeDir:
          options.envelope === undefined
            ? envelopeDirOf(dataDir(), resourcesDir())
            : resolve(options.envelope),
        namespaces: options.namespace,
        accountNamespace: options.accountNamespace,
      });
      if (options.out === undefined) process.stdout.write(yaml);
      else {
        writeNew(resolve(options.out), yaml);
        out(`Read ${resolve(options.out)}, then: kubectl apply -f ${JSON.stringify(resolve(options.out))}`);
      }
    });
}

/** Never over a file that is there: somebody may have edited it. */
function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    throw new Failure('bad_input', `${path} cannot be written as a new file: ${messageOf(error)}`, error);
  }
}
