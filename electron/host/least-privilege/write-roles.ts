import { actions } from '../../actions/all.ts';
import { draftOrSigned } from '../../guard/envelope/draft-or-signed.ts';
import { mayBeOffered } from '../../guard/may-be-offered.ts';
import { rolesYaml } from './roles-yaml.ts';

/**
 * The roles that the envelope in a folder needs, as YAML to apply. It may be one that is not signed yet: roles are given
 * before it is in force.
 * @throws Failure `bad_input` for an envelope that does not hold or what is no namespace.
 */
export function writeRoles(given: {
  envelopeDir: string;
  namespaces: readonly string[];
  accountNamespace: string;
}): string {
  const { loaded, unsigned } = draftOrSigned(given.envelopeDir);
  const allowed = new Set(mayBeOffered(loaded).map(({ action }) => action));
  return rolesYaml({
    envelope: {
      version: loaded.envelope.version,
      environments: loaded.envelope.environments,
      digest: unsigned === null ? loaded.digest : `not signed yet, ${loaded.digest}`,
    },
    actions: actions.filter(({ name, on }) => on === 'cluster' && allowed.has(name)),
    namespaces: given.namespaces,
    accountNamespace: given.accountNamespace,
  });
}
