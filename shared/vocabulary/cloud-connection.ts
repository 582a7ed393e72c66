import { z } from 'zod';
import { NewConnection } from './connection.ts';

const { name, url } = NewConnection.shape;

/** A CloudWatch to connect. It holds no secret: who signs in is a profile on this machine, or the environment. */
export const NewCloud = z.strictObject({
  kind: z.literal('cloudwatch'),
  name,
  regions: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'a region such as eu-central-1'))
    .min(1, 'at least one region, such as eu-central-1')
    .max(20),
  /** Of `~/.aws/config`; without one the environment, then the default profile. */
  profile: z.string().min(1).max(200).optional(),
  role: z
    .strictObject({
      arn: z.string().startsWith('arn:', 'begins with arn:').max(2_048),
      externalId: z.string().min(2).max(1_224).optional(),
    })
    .optional(),
  /** Instead of the public one of each region. */
  endpoint: url.optional(),
  /** Where STS and SSO are asked, when not at AWS itself. */
  credentialsEndpoint: url.optional(),
});
export type NewCloud = z.infer<typeof NewCloud>;
