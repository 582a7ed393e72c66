import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { folderWitness } from '../ledger/witness/folder-witness.ts';
import { httpsWitness } from '../ledger/witness/https-witness.ts';
import { pushOnce, type WithLog, type WitnessStanding, witnessPusher } from '../ledger/witness/push.ts';
import { s3Witness } from '../ledger/witness/s3-witness.ts';
import { readWitnessSettings, secretOf, type WitnessSettings } from '../ledger/witness/settings.ts';
import { signedLog } from '../ledger/witness/signed-log.ts';
import type { Witness, WitnessKind } from '../ledger/witness/witness.ts';
import { Failure } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { dataFiles } from '../store/data-files.ts';
import { openReadOnly } from '../store/open-store.ts';
import { readPrivate, writePrivate } from '../vault/private-file.ts';

/** How one witness of the log of one realm stands. */
export type WitnessState = WitnessStanding & {
  witness: string;
  kind: WitnessKind;
  where: string;
  realm: Realm;
};

type Ports = {
  dataDir: string;
  settings: readonly WitnessSettings[];
  logger: Logger;
  onChange(): void;
  /** Told each secret that is used, so that none reaches a log line. */
  onSecret(secret: string): void;
};
export type WitnessDesk = ReturnType<typeof witnessDesk>;

/** Keeps every witness of a data directory up to date. Nothing of it blocks the ledger or fails it. */
export function witnessDesk({ dataDir, settings, logger, onChange, onSecret }: Ports) {
  const desks = all(dataDir, settings, onSecret).map(({ witness, realm, withLog }) => ({
    witness,
    realm,
    pusher: witnessPusher({ witness, withLog, onChange, logger }),
  }));
  const of = (realm: Realm) => desks.filter((desk) => desk.realm === realm);

  return {
    /** The realm may have a new signed head. Returns at once. */
    nudge(realm: Realm): void {
      for (const { pusher } of of(realm)) pusher.nudge();
    },
    states: (realm: Realm): WitnessState[] =>
      of(realm).map(({ witness, pusher }) => stateOf(witness, realm, pusher.standing())),
    async close(): Promise<void> {
      await Promise.all(desks.map(({ pusher }) => pusher.close()));
    },
  };
}

/** Why a witness says that the log does not hold, in words; undefined when none does. */
export const conflictIn = (states: readonly WitnessState[]): string | undefined =>
  states.find(({ state }) => state === 'conflict')?.sentence;

/**
 * Shows every witness of a data directory the newest head now, also while the application runs.
 * @throws Failure `bad_input` when the settings do not hold, `not_found` when there is no such directory.
 */
export async function pushToWitnesses(dataDir: string, signal: AbortSignal): Promise<WitnessState[]> {
  if (!existsSync(dataDir)) throw new Failure('not_found', `There is no data directory ${dataDir}`);
  const found = all(dataDir, readWitnessSettings(dataDir), () => {});
  return Promise.all(
    found.map(async ({ witness, realm, withLog }) =>
      stateOf(witness, realm, await pushOnce(witness, withLog, signal)),
    ),
  );
}

const stateOf = ({ name, kind, where }: Witness, realm: Realm, standing: WitnessStanding): WitnessState => ({
  witness: name,
  kind,
  where,
  realm,
  ...standing,
});

function all(dataDir: string, settings: readonly WitnessSettings[], onSecret: (secret: string) => void) {
  return settings.flatMap((one) =>
    one.realms.map((realm) => ({
      realm,
      witness: witnessOf(dataDir, one, realm, onSecret),
      withLog: withLogOf(join(dataDir, dataFiles[realm])),
    })),
  );
}

/** Each log has a folder, a prefix or a file of its own. */
function witnessOf(
  dataDir: string,
  settings: WitnessSettings,
  realm: Realm,
  onSecret: (secret: string) => void,
): Witness {
  switch (settings.kind) {
    case 'folder':
      return folderWitness({ ...settings, inside: realm });
    case 'https': {
      const file = join(dataDir, 'witnessed', `${settings.name}-${realm}`);
      return httpsWitness({
        ...settings,
        kept: { read: () => readPrivate(file), write: (note) => writePrivate(file, note) },
      });
    }
    case 's3': {
      const secret = (named: Parameters<typeof secretOf>[0]): string => {
        const value = secretOf(named, settings.name);
        onSecret(value);
        return value;
      };
      return s3Witness({
        ...settings,
        prefix: `${settings.prefix}/${realm}`,
        credentials: () => ({
          accessKeyId: secret(settings.accessKeyId),
          secretAccessKey: secret(settings.secretAccessKey),
          ...(settings.sessionToken && { sessionToken: secret(settings.sessionToken) }),
        }),
      });
    }
  }
}

/** A connection of its own for each push, so that no reading of ours lasts longer than the witness takes. */
const withLogOf =
  (file: string): WithLog =>
  async (use) => {
    if (!existsSync(file)) return use(undefined);
    const { db, close } = openReadOnly(file);
    try {
      return await use(signedLog(db));
    } catch (error) {
      if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
      throw new Failure(
        'storage',
        `${file} cannot be read: ${error.message}. Keep a copy of it and find what is wrong with \`ledger verify\`.`,
        error,
      );
    } finally {
      close();
    }
  };
