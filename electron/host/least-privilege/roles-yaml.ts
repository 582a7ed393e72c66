import { stringify } from 'yaml';
import type { Envelope } from '../../../shared/formats/envelope.ts';
import { Failure } from '../../platform/failure.ts';
import { type Needing, neededRights } from './needed-rights.ts';
import { READER, rolesFor, WRITER } from './roles.ts';

/** What the roles are written from, for the head of the file. */
export type RolesOf = {
  envelope: Pick<Envelope, 'version' | 'environments'> & { digest: string };
  actions: readonly Needing[];
  namespaces: readonly string[];
  accountNamespace: string;
};

/**
 * The YAML to apply. It is written as YAML 1.1, which kubectl reads: there a namespace called `no` or `1e3` is a name only
 * in quotes.
 * @throws Failure `bad_input` for what is no name of a namespace.
 */
export function rolesYaml({ envelope, actions, namespaces, accountNamespace }: RolesOf): string {
  for (const name of [...namespaces, accountNamespace]) demandNamespace(name);
  const once = [...new Set(namespaces)].sort();
  const manifests = rolesFor(neededRights(actions, envelope), { namespaces: once, accountNamespace });
  const documents = manifests.map((manifest) => stringify(manifest, { version: '1.1', lineWidth: 0 }));
  return [headOf({ envelope, actions, namespaces: once, accountNamespace }), ...documents].join('---\n');
}

function headOf({ envelope, actions, namespaces, accountNamespace }: RolesOf): string {
  const lines = [
    `What Countersign needs in ${namespaces.join(', ')}, and not a verb more, for envelope version ${envelope.version}`,
    `(${envelope.digest}). Written by \`countersign rbac\`: write it anew when the envelope changes.`,
    '',
    `Actions: ${actions.map(({ name }) => name).join(', ') || 'none, so nothing can be written'}`,
    `${READER} reads, all the time. ${WRITER} writes: a token of it is asked for at each approval and lasts ten minutes.`,
    `The namespace ${accountNamespace}, where both live, must exist; nobody else should be allowed to change anything in it.`,
  ];
  return `${lines.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n')}\n`;
}

/** RFC 1123 label, as Kubernetes has it. */
function demandNamespace(name: string): void {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return;
  const shown = JSON.stringify(name.slice(0, 80));
  throw new Failure(
    'bad_input',
    name.includes('*')
      ? `${shown} is no namespace: a role is for one namespace at a time. Name each with --namespace.`
      : `${shown} is no name of a Kubernetes namespace: a-z, 0-9 and -, at most 63 characters.`,
  );
}
