import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DesktopTelling, LinkBase, Occasion, type TellingChoices } from '../../shared/vocabulary/telling.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { readSettingsFile } from '../platform/settings-file.ts';
import { webhookAddress } from './webhook-address.ts';

export const TELLING = 'telling.yaml';

/** The address of a webhook is a secret: in the file it is named, never written. */
const Secret = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);
const tells = DesktopTelling.shape.tells.min(1).default([...Occasion.options]);

const File = z.strictObject({
  format: z.literal('countersign.telling/1'),
  link: LinkBase.optional(),
  desktop: z
    .strictObject({ tells, drills: z.boolean().default(true) })
    .or(z.literal(false))
    .optional(),
  webhooks: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(80),
        url: Secret,
        tells,
        drills: z.boolean().default(false),
      }),
    )
    .max(20)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each name once')
    .default([]),
});

export type Webhook = {
  id: string;
  from: 'settings' | 'file';
  name: string;
  /** Where it cannot be read, why. */
  url: URL | { because: string };
  tells: readonly Occasion[];
  drills: boolean;
};
export type TellingSettings = TellingChoices & { webhooks: readonly Webhook[] };

/** What the file says; what it leaves out is chosen in Settings. */
export type FileTelling = Partial<TellingChoices> & { webhooks: readonly Webhook[] };

/** On the desktop whoever runs a drill wants to see what a real incident would be like; elsewhere nobody is to be woken. */
export const firstChoices: TellingChoices = {
  link: null,
  desktop: { tells: [...Occasion.options], drills: true },
};

/** @throws Failure `bad_input` naming the file and the member that does not hold, never an address. */
export function readTelling(dataDir: string): FileTelling {
  const path = join(dataDir, TELLING);
  const file = readSettingsFile(path, File, 'nobody is told by it');
  if (file === undefined) return { webhooks: [] };
  const { link, desktop, webhooks } = file;
  return {
    ...(link === undefined ? {} : { link }),
    ...(desktop === undefined ? {} : { desktop: desktop || { tells: [], drills: false } }),
    webhooks: webhooks.map(({ url, ...rest }) => ({
      ...rest,
      id: `file:${rest.name}`,
      from: 'file',
      url: webhookAddress(`“${rest.name}” in ${path}`, secretOf(path, rest.name, url)),
    })),
  };
}

function secretOf(path: string, name: string, secret: z.infer<typeof Secret>): string {
  if ('env' in secret) {
    const value = process.env[secret.env];
    if (value) return value.trim();
    throw new Failure(
      'bad_input',
      `${path}: “${name}” wants its address from ${secret.env}, which is not set.`,
    );
  }
  try {
    return readFileSync(secret.file, 'utf8').trim();
  } catch (cause) {
    throw new Failure(
      'bad_input',
      `${path}: the address of “${name}” cannot be read: ${messageOf(cause)}`,
      cause,
    );
  }
}
