const name = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The key under which a cluster reports the same rollout, where an event says enough to know it. */
export function rolloutKey(rollout: {
  namespace: string | undefined;
  name: string | undefined;
  revision: number | undefined;
}): string | undefined {
  const { namespace = '', revision } = rollout;
  if (revision === undefined || !name.test(namespace) || !name.test(rollout.name ?? '')) return undefined;
  return `deploy:${namespace}/${rollout.name}@${revision}`;
}
