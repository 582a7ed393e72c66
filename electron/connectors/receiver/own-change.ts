import { z } from 'zod';
import { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import { shownUnder } from '../../platform/hide-secrets.ts';
import { bounded } from '../bounded.ts';
import type { CloudEvent } from './cloud-event.ts';
import { holding } from './holding.ts';
import { Refusal } from './refusal.ts';
import { rolloutKey } from './rollout-key.ts';
import type { Told } from './told.ts';

/** Any change of any system, in Countersign's own words: docs/events.md explains every member. */
export const ownType = 'dev.countersign.change.v1';

const Text = z.string().max(2_000);
/** What a field was or is; a value that is absent was not set. */
const Value = z
  .union([z.string().max(16_000), z.number(), z.boolean(), z.null()])
  .optional()
  .transform((value) => (value === undefined || value === null ? null : String(value)));

const Data = z.object({
  change: ChangeKind,
  title: z.string().min(1).max(2_000),
  service: z.string().min(1).max(253).nullish(),
  key: z.string().max(390).optional(),
  detail: z.string().max(16_000).optional(),
  actor: Text.optional(),
  url: Text.optional(),
  environment: Text.optional(),
  namespace: Text.optional(),
  name: Text.optional(),
  revision: z.number().int().positive().optional(),
  version: Text.optional(),
  artifact: Text.optional(),
  flag: Text.optional(),
  object: z
    .string()
    .regex(/^[A-Za-z]{1,63}\/[A-Za-z0-9]([-._A-Za-z0-9]{0,251}[A-Za-z0-9])?$/, 'Kind/name')
    .optional(),
  field: z.string().min(1).max(300).optional(),
  before: Value,
  after: Value,
});

/**
 * The change that an event of Countersign's own type tells of.
 * @throws Refusal naming the member that does not hold.
 */
export function toldByOwnEvent({ data }: CloudEvent): Told {
  const { key, name, revision, field, before, after, ...told } = holding(Data, data, 'data');
  if (key !== undefined && !key.startsWith(`${told.change}:`))
    throw new Refusal(400, 'data.key: begins with the kind of change and a colon.');
  const rollout = told.change === 'deploy' ? { namespace: told.namespace, name, revision } : undefined;
  return {
    ...told,
    service: told.service ?? null,
    key: key ?? (rollout && rolloutKey({ ...rollout, name: name ?? told.service ?? undefined })),
    diff:
      field === undefined
        ? undefined
        : { path: field, before: shown(field, before), after: shown(field, after) },
  };
}

/** A secret stays with whoever sent it. */
const shown = (field: string, value: string | null): string | null => {
  if (value === null) return null;
  return bounded(shownUnder(field, value), 4_000);
};
