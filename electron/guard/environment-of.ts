import type { Envelope } from '../../shared/formats/envelope.ts';

/** The first environment whose namespace patterns fit, or null. `*` stands for any run of characters. */
export function environmentOf(envelope: Envelope, namespace: string): string | null {
  const fits = (pattern: string) =>
    new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(namespace);
  return envelope.environments.find(({ namespaces }) => namespaces.some(fits))?.name ?? null;
}
