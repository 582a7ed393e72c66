import type { NewCloud } from '../../shared/vocabulary/cloud-connection.ts';
import type { Connection } from '../../shared/vocabulary/connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';

/** What is stored and shown of a CloudWatch: where it is asked, and as whom. */
export function shownCloud(
  { name, regions, profile, endpoint }: NewCloud,
  id: string,
  from: Connection['from'],
): Connection {
  const place = `${endpoint ?? 'AWS'}: ${regions.join(', ')}`;
  return {
    id: ConnectionId.parse(id),
    kind: 'cloudwatch',
    name,
    url: profile === undefined ? place : `${place} (profile ${profile})`,
    auth: 'aws',
    from,
  };
}
