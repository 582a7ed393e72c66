import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { ConfigReader } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { holdsSecret } from '../platform/hide-secrets.ts';
import { ownMember } from '../platform/own-member.ts';
import { HIDDEN, namesSecret } from '../platform/secret-names.ts';
import { defineAction, inNamespace } from './action.ts';
import { counted, mostImportant } from './parts/counted.ts';
import { planFacts } from './parts/plan-facts.ts';
import { commandOf } from './parts/quoted.ts';
import { traceOf } from './parts/trace.ts';

/** What is longer cannot be read on a card, and so cannot be approved. */
const MOST_CHARACTERS = 4_000;

const Input = ObjectTarget.omit({ kind: true }).extend({
  key: z
    .string()
    .regex(/^[-._a-zA-Z0-9]+$/, 'a key of a ConfigMap')
    .max(253),
  /** Null: the key was not set. */
  to: z.string().max(MOST_CHARACTERS).nullable(),
});
type Input = z.infer<typeof Input>;
const Seen = z.object({ uid: z.string(), value: z.string().nullable(), keepsData: z.boolean() });

const rights = [
  inNamespace('get', '', 'configmaps'),
  inNamespace('list', 'apps', 'deployments'),
  inNamespace('list', 'apps', 'statefulsets'),
  inNamespace('list', 'apps', 'daemonsets'),
  inNamespace('patch', '', 'configmaps'),
];
/** For the backups of readers that keep data. */
const backupRights = [inNamespace('list', 'batch', 'jobs'), inNamespace('list', '', 'pods')];

/** Puts one key of a ConfigMap back to what it was. */
export const revertConfig = defineAction<'cluster', Input>({
  name: 'revert-config',
  on: 'cluster',
  purpose: 'Set one key of a ConfigMap back to the value it had before a change; null takes the key away.',
  input: Input,
  permissions: [...rights, ...backupRights],
  needs: (_input, { keepsData }) => (keepsData === true ? [...rights, ...backupRights] : rights),
  target: ({ cluster, namespace, name }): Target => ({ cluster, kind: 'ConfigMap', namespace, name }),

  async plan(input, cluster, signal) {
    const [now, readers] = await Promise.all([
      cluster.configMap(input, signal),
      cluster.readersOf(input, signal),
    ]);
    const where = `${input.namespace}/${input.name}`;
    const value = ownMember(now.data, input.key) ?? null;
    if (isSecret(input.key, value) || isSecret(input.key, input.to)) {
      throw new Failure('refused', `${input.key} of ${where} looks like a secret: set it back by hand`);
    }
    if (input.to?.includes(HIDDEN)) {
      throw new Failure(
        'refused',
        `a part of what ${input.key} of ${where} was is hidden: set it back by hand`,
      );
    }
    if (now.immutable) throw new Failure('conflict', `${where} is immutable: nobody can change it`);
    if (value === input.to) {
      throw new Failure('conflict', `${input.key} of ${where} is ${shown(value)} already`);
    }
    if (value !== null && value.length > MOST_CHARACTERS) {
      throw new Failure('refused', `${input.key} of ${where} is too long to be shown: set it back by hand`);
    }
    const keepsData = readers.some((reader) => reader.keepsData);
    return {
      title: `Set ${short(input.key)} of ${short(input.name)} from ${short(shown(value))} to ${short(shown(input.to))}`,
      command: patch(input, value, input.to),
      blastRadius: { class: readers.length > 1 ? 'namespace' : 'deployment', sentence: countOf(readers) },
      reversible: true,
      backOutCommand: patch(input, input.to, value),
      preconditions: [
        `${input.key} of ${input.name} is still ${short(shown(value))}`,
        ...(readers.some(({ as }) => as === 'variables')
          ? ['pods that read it as variables follow at their next start, or when something reloads them']
          : []),
      ],
      ...planFacts({
        serviceTier: tierOf(readers),
        managedBy: now.managedBy,
        ownership: now.ownership,
        keepsData,
        backupRunning: readers.find(({ backupRunning }) => backupRunning !== null)?.backupRunning ?? null,
      }),
      touches: {
        pods: podsOf(readers),
        workloads: readers.map(({ name }) => name),
        services: readers.map(({ name, serviceTier }) => ({ name, tier: serviceTier })),
      },
      concerns: readers.map(({ name }) => name),
      moves: null,
      seen: { uid: now.uid, value, keepsData },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.configMap(input, signal);
    if (now.uid !== seen.uid) return { kind: 'drifted', because: 'the ConfigMap was deleted and made again' };
    if (now.immutable) return { kind: 'drifted', because: 'it was made immutable' };
    const value = ownMember(now.data, input.key) ?? null;
    if (value === seen.value) return { kind: 'unchanged' };
    return {
      kind: 'drifted',
      because: `${input.key} is ${isSecret(input.key, value) ? HIDDEN : short(shown(value))}, was ${short(shown(seen.value))}`,
    };
  },

  execute({ key, to, ...ref }, seenRecord, control, options, signal) {
    const { uid, value } = Seen.parse(seenRecord);
    return control.setConfigKey(ref, { key, to, expected: { uid, value } }, options, signal);
  },
  backOut: (input, seen) => ({ action: 'revert-config', input: { ...input, to: Seen.parse(seen).value } }),

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, value } = Seen.parse(seenRecord);
    const holding = (held: string | null) =>
      `holding ${input.key} as ${isSecret(input.key, held) ? HIDDEN : short(shown(held))}`;
    const now = async () =>
      holding(ownMember((await cluster.configMap(input, signal)).data, input.key) ?? null);
    const change = { before: holding(value), after: holding(input.to), now };
    return traceOf(cluster, { ref: { ...input, kind: 'ConfigMap' }, uid }, lost, change, signal);
  },
});

/** A secret by its name, or a file with one in it: the card, the command and the ledger would show it. */
const isSecret = (key: string, value: string | null): boolean =>
  namesSecret(key) || (value !== null && holdsSecret(value, { isFile: true }));

function countOf(readers: readonly ConfigReader[]): string {
  if (readers.length === 0) return 'no workload of the namespace reads it';
  const names = readers.slice(0, 5).map(({ name, as }) => `${name} (as ${as})`);
  const more = readers.length > names.length ? ` and ${readers.length - names.length} more` : '';
  const tier = tierOf(readers);
  return `${counted(readers.length, 'workload')} with ${counted(podsOf(readers), 'pod')} read it: ${names.join(', ')}${more}; ${
    tier === null ? 'a service of unknown tier' : `tier-${tier} service`
  }`;
}

const podsOf = (readers: readonly ConfigReader[]) => readers.reduce((sum, { pods }) => sum + pods, 0);
const tierOf = (readers: readonly ConfigReader[]) =>
  mostImportant(readers.map(({ serviceTier }) => serviceTier));
const shown = (value: string | null) => (value === null ? 'not set' : JSON.stringify(value));
const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** With the value it must still have, as the request itself states it. */
function patch({ namespace, name, key }: Input, from: string | null, to: string | null): string {
  const path = `/data/${key}`;
  const operations = [
    ...(from === null ? [] : [{ op: 'test', path, value: from }]),
    to === null ? { op: 'remove', path } : { op: 'add', path, value: to },
  ];
  return commandOf(
    ...['kubectl', '-n', namespace, 'patch', `configmap/${name}`, '--type=json', '-p'],
    JSON.stringify(operations),
  );
}
