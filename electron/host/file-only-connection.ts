import { z } from 'zod';
import { type Connection, NewConnection } from '../../shared/vocabulary/connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';

/** Systems that are more than an address and a secret; connections.yaml alone describes them. */
const name = NewConnection.shape.name;
const url = NewConnection.shape.url;

const CloudWatch = z.strictObject({
  kind: z.literal('cloudwatch'),
  name,
  regions: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'a region such as eu-central-1'))
    .min(1)
    .max(20),
  /** Of `~/.aws/config`; without one the environment, then the default profile. */
  profile: z.string().min(1).max(200).optional(),
  role: z
    .strictObject({ arn: z.string().startsWith('arn:'), externalId: z.string().min(2).optional() })
    .optional(),
  endpoint: url.optional(),
  credentialsEndpoint: url.optional(),
});

export const FileOnly = z.discriminatedUnion('kind', [CloudWatch]);
/** As its connector takes it. */
export type FileOnly = z.infer<typeof FileOnly>;

export function fileOnlyConnection(given: FileOnly): { connection: Connection; given: FileOnly } {
  const about = { id: ConnectionId.parse(`file:${given.name}`), name: given.name, from: 'file' as const };
  switch (given.kind) {
    case 'cloudwatch': {
      const { regions, profile, endpoint } = given;
      const place = `${endpoint ?? 'AWS'}: ${regions.join(', ')}`;
      return {
        connection: {
          ...about,
          kind: 'cloudwatch',
          url: profile === undefined ? place : `${place} (profile ${profile})`,
          auth: 'aws',
        },
        given,
      };
    }
  }
}
