import { z } from 'zod';
import { type ChangeEvent, FieldDiff } from '../../../shared/vocabulary/event.ts';
import { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import { Failure } from '../../platform/failure.ts';
import { shownUnder } from '../../platform/hide-secrets.ts';
import { ownMember } from '../../platform/own-member.ts';
import { type Readers, readTool } from './read-tool.ts';

export const readChange = readTool({
  name: 'read_change',
  purpose:
    'Read what a change that is no rollout changed, on which object or flag, and what stands there now.',
  source: 'the timeline, and what stands there now',
  outsider: ['diff', 'now', 'actor'],
  input: z.strictObject({ change: z.string() }),
  output: z.object({
    change: z.string(),
    kind: ChangeKind,
    service: z.string().nullable(),
    actor: z.string().nullable(),
    diff: z.array(FieldDiff),
    /** The connection through which it can be reached; null when it is not connected. */
    connection: z.string().nullable(),
    object: z.object({ kind: z.string(), namespace: z.string(), name: z.string() }).nullable(),
    flag: z.object({ project: z.string(), environment: z.string(), name: z.string() }).nullable(),
    /** What the first field of the difference is now; absent when nothing connected tells. */
    now: z.object({ value: z.string().nullable() }).nullable(),
  }),
  async run({ change }, { events, readersNamed }, signal) {
    const event = events().find(({ key }) => key === change);
    if (event?.kind !== 'change')
      throw new Failure('not_found', `The timeline holds no change ${JSON.stringify(change)}`);
    const readers = readersNamed(event.source);
    return {
      change,
      kind: event.change,
      service: event.service,
      actor: event.actor ?? null,
      diff: event.diff?.slice(0, MOST_FIELDS) ?? [],
      connection: readers?.id ?? null,
      object: objectOf(event),
      flag: flagOf(event),
      now: readers ? await nowOf(event, readers, signal) : null,
    };
  },
  found: ({ diff, now }) => {
    if (diff.length === 0) return 'its source does not say what exactly it changed';
    const told = diff
      .map(({ path, before, after }) => `${path}: ${show(before)} → ${show(after)}`)
      .join('; ');
    return now === null ? told : `${told}, now ${show(now.value)}`;
  },
});

const MOST_FIELDS = 8;
const show = (value: string | null) => (value === null ? 'not set' : value.slice(0, 120));

function objectOf({ labels }: ChangeEvent) {
  const [kind, name] = (labels?.['object'] ?? '').split('/');
  const namespace = labels?.['namespace'];
  return kind && name && namespace ? { kind, namespace, name } : null;
}

function flagOf({ labels }: ChangeEvent) {
  const { flag: name, project, environment } = labels ?? {};
  return name && project && environment ? { project, environment, name } : null;
}

type Now = { value: string | null };

/** What cannot be understood or found is not an answer: then nobody claims to know what is there now. */
async function nowOf(event: ChangeEvent, readers: Readers, signal: AbortSignal): Promise<Now | null> {
  const field = event.diff?.[0]?.path;
  if (field === undefined) return null;
  try {
    return await read(event, field, readers, signal);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'cancelled') return null;
    throw error;
  }
}

async function read(
  event: ChangeEvent,
  field: string,
  { cluster, flags }: Readers,
  signal: AbortSignal,
): Promise<Now | null> {
  const flag = flagOf(event);
  if (flags && flag) {
    const { project, environment, name } = flag;
    const { enabled, percent } = await flags.flag({ project, namespace: environment, name }, signal);
    if (field === 'enabled') return { value: String(enabled) };
    return field === 'rollout' && percent !== null ? { value: String(percent) } : null;
  }
  const object = objectOf(event);
  if (!cluster || !object) return null;
  switch (object.kind) {
    case 'ConfigMap': {
      const { data } = await cluster.configMap(object, signal);
      const value = ownMember(data, field);
      return { value: value === undefined ? null : shownUnder(field, value) };
    }
    case 'Deployment':
      if (event.change !== 'scale') return null;
      return { value: String((await cluster.deployment(object, signal)).desiredReplicas) };
    case 'Ingress': {
      const [only, ...others] = (await cluster.ingress(object, signal)).weights;
      return only && others.length === 0 ? { value: only.value } : null;
    }
    default:
      return null;
  }
}
