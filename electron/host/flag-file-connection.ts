import type { Connection } from '../../shared/vocabulary/connection.ts';
import { NewFlagFile } from '../../shared/vocabulary/flag-file-connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';

/** What is stored and shown of a watched file: all of it, for nothing of it is a secret. */
export const shownFlagFile = (
  { name, path, environment }: NewFlagFile,
  id: string,
  from: Connection['from'],
): Connection => ({
  id: ConnectionId.parse(id),
  kind: 'flagd',
  name,
  url: path,
  auth: 'none',
  ...(environment === undefined ? {} : { scope: { projects: [], environments: [environment] } }),
  from,
});

export const storedFlagFile = ({ name, url, scope }: Connection): NewFlagFile =>
  NewFlagFile.parse({ kind: 'flagd', name, path: url, environment: scope?.environments[0] });
