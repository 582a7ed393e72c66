import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '../../../electron/host/back-up.ts';
import { drillKeysPath, keptHeads, vaultPath } from '../../../electron/host/kept-heads.ts';
import { restore } from '../../../electron/host/restore.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { verifyDataDir } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { lockDataDir } from '../../../electron/platform/instance-lock.ts';
import { putInPlace } from '../../../electron/store/backup.ts';
import { BackupList } from '../../../electron/store/backup-format.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { keyFile, signingKeys } from '../../../electron/vault/keys.ts';
import { openVault } from '../../../electron/vault/vault.ts';
import { envelopeFolder } from '../../fixtures/envelope-folder.ts';
import { temporaryDirectory } from '../ledger/data-dir.ts';

let folder: string;
let dataDir: string;
let out: string;
let other: string;
beforeEach(() => {
  folder = temporaryDirectory();
  [dataDir, out, other] = ['data', 'backup', 'other'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(dataDir);
  mkdirSync(other);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.parse('2026-03-01T12:00:00Z');
const PASSPHRASE = 'a passphrase for tests';
const cheap = { cost: 2 ** 14, blockSize: 8, parallelization: 1 };

/** Both logs as the host wires them: keys sealed in the vault, or in the drills' key file, and the head beside them. */
async function openLogs(dir: string) {
  const vault = await openVault({ file: vaultPath(dir), passphrase: () => PASSPHRASE, cost: cheap });
  if (vault.state() !== 'unlocked') await vault.unlock(PASSPHRASE);
  const drillSecrets = keyFile(drillKeysPath(dir));
  const time = steppedClock((error) => {
    throw error;
  }, NOW);
  const open = (realm: 'real' | 'drill') => {
    const secrets = realm === 'real' ? vault : drillSecrets;
    const keys = signingKeys(secrets);
    const store = openStore(join(dir, dataFiles[realm]), migrations);
    const ledger = openLedger({
      db: store.db,
      realm,
      clock: time.clock,
      ids: randomIds,
      signer: (announced) => keys.of('log', announced),
      headKeeper: { read: secrets.head, write: secrets.keepHead },
    });
    const close = () => {
      ledger.close();
      store.close();
    };
    return { ledger, keys, close };
  };
  const [real, drill] = [open('real'), open('drill')];
  const close = () => {
    real.close();
    drill.close();
  };
  return { vault, real, drill, close };
}

const decision = (turn: number) =>
  ({ kind: 'decision', actor: { kind: 'person', name: 'ada' }, body: { turn } }) as const;

/** Records that many decisions in each log. */
async function record(dir: string, turns: number): Promise<void> {
  const logs = await openLogs(dir);
  for (let turn = 0; turn < turns; turn += 1)
    for (const { ledger } of [logs.real, logs.drill]) ledger.record(decision(turn));
  logs.close();
}

const take = () => backUp({ dataDir, out, version: '1.2.3', nowMs: NOW });
const putBack = (into: string, older = false) => restore({ dataDir: into, from: out, older, nowMs: NOW });
const verified = (dir: string) => verifyDataDir(dir, keptHeads(dir));

const SETTINGS = ['connections.yaml', 'retention.yaml', 'witnesses.yaml'];
const SECRET = 'a secret that lies beside its name';

/** An installation's own envelope and settings, and the file of a secret that one of them names. */
function writeSettings(dir: string): void {
  for (const name of SETTINGS) writeFileSync(join(dir, name), `format: ${name}`);
  writeFileSync(join(dir, 'connections.yaml'), 'auth: { bearer: { file: reader.token } }');
  writeFileSync(join(dir, 'reader.token'), SECRET);
  envelopeFolder(dir);
}

/** Every file below a folder, by its path there, with the digest of its content. */
const tree = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(dir, name)).isFile())
      .map((name) => [name, digestOf(join(dir, name))]),
  );

/** Every file of a folder with its content, so that any change shows; but for what a reader of SQLite leaves there. */
const contents = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir)
      .filter((name) => !name.endsWith('-shm'))
      .filter((name) => !name.endsWith('-wal') || statSync(join(dir, name)).size > 0)
      .sort()
      .map((name) => [name, digestOf(join(dir, name))]),
  );

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return error as Failure;
  }
  throw new Error('It did not fail');
}

/** A list that agrees with what is in the folder now, as somebody who edits backups would write it. */
function listAgain(): void {
  const list = BackupList.parse(JSON.parse(readFileSync(join(out, 'backup.json'), 'utf8')));
  const files = list.files.map(({ name }) => ({
    name,
    size: statSync(join(out, name)).size,
    sha256: createHash('sha256')
      .update(readFileSync(join(out, name)))
      .digest('hex'),
  }));
  writeFileSync(join(out, 'backup.json'), JSON.stringify({ ...list, files }));
}

describe('a backup', () => {
  it('has both logs, their keys, and a list with the digest of each', async () => {
    await record(dataDir, 3);
    const { list, problems } = await take();
    expect(problems).toEqual([]);
    expect(readdirSync(out).sort()).toEqual([
      'backup.json',
      'countersign.db',
      'drill-keys.json',
      'drills.db',
      'vault.json',
    ]);
    for (const { name, size, sha256 } of list.files) {
      const bytes = readFileSync(join(out, name));
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([size, sha256]);
      expect(statSync(join(out, name)).mode & 0o077).toBe(0);
    }
    const logs = verified(dataDir).logs;
    expect(list).toMatchObject({
      format: 'countersign.backup/1',
      version: '1.2.3',
      at: '2026-03-01T12:00:00.000Z',
      logs: logs.map(({ realm, origin, size, rootHex }) => ({ realm, origin, size, rootHex, holds: true })),
    });
  });

  it('is whole and restorable when taken while another process keeps writing', async () => {
    const recorder = new URL('../ledger/recorder.ts', import.meta.url).pathname;
    const child: ChildProcess = spawn(process.execPath, [recorder, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let last = 0;
    child.stdout?.on('data', (text: Buffer) => {
      last = Number(text.toString().trim().split('\n').at(-1));
    });
    try {
      await expect.poll(() => last, { timeout: 20_000 }).toBeGreaterThan(200);
      const before = last;
      const { list } = await take();
      const after = last;
      await expect.poll(() => last).toBeGreaterThan(after + 20);
      const [log] = list.logs;
      expect(log).toMatchObject({ realm: 'real', holds: true });
      expect(log?.size).toBeGreaterThan(before);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const restored = putBack(other);
    expect(restored.logs).toMatchObject([{ realm: 'real', holds: true }]);
  });

  it('of a log that does not hold is taken, and says so', async () => {
    await record(dataDir, 3);
    rmSync(join(dataDir, 'drills.db'));
    copyFileSync(join(dataDir, 'countersign.db'), join(dataDir, 'drills.db'));
    const { list, problems } = await take();
    expect(list.logs.map(({ realm, holds }) => [realm, holds])).toEqual([
      ['real', true],
      ['drill', false],
    ]);
    expect(problems.join()).toContain('should hold the log of the realm "drill"');
  });

  it('has the envelope and the settings that people wrote, and no secret that they name', async () => {
    await record(dataDir, 1);
    writeSettings(dataDir);
    const { list, problems } = await take();
    expect(problems).toEqual([]);
    expect(list.files.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...SETTINGS, 'envelope/manifest.json', 'envelope/policies/10-permit.cedar']),
    );
    expect(statSync(join(out, 'envelope')).mode & 0o077).toBe(0);
    for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
      if (statSync(join(out, name)).isFile())
        expect(readFileSync(join(out, name), 'utf8')).not.toContain(SECRET);
    }
    const { placed } = putBack(other);
    expect(placed).toEqual(expect.arrayContaining([...SETTINGS, 'envelope']));
    expect(tree(join(other, 'envelope'))).toEqual(tree(join(dataDir, 'envelope')));
    for (const name of SETTINGS) expect(digestOf(join(other, name))).toBe(digestOf(join(dataDir, name)));
  });

  it('is taken without what of that cannot be read, and says so', async () => {
    await record(dataDir, 1);
    writeSettings(dataDir);
    writeFileSync(join(dataDir, 'envelope', 'notes.txt'), 'mine');
    rmSync(join(dataDir, 'witnesses.yaml'));
    symlinkSync(join(dataDir, 'reader.token'), join(dataDir, 'witnesses.yaml'));
    const { list, problems } = await take();
    expect(problems).toEqual([
      expect.stringMatching(/^witnesses\.yaml was not backed up: .*a link/),
      expect.stringMatching(/^envelope was not backed up: .*notes\.txt/),
    ]);
    expect(list.files.map(({ name }) => name)).toEqual(expect.arrayContaining(['connections.yaml']));
    expect(readdirSync(out)).not.toContain('envelope');
    expect(putBack(other).placed).not.toContain('envelope');
  });

  it('goes into no folder that has something in it, and is none without something to copy', async () => {
    await expect(take()).rejects.toMatchObject({ code: 'not_found' });
    expect(existsSync(out)).toBe(false);
    await record(dataDir, 1);
    mkdirSync(out);
    writeFileSync(join(out, 'mine.txt'), 'mine');
    await expect(take()).rejects.toMatchObject({ code: 'bad_input' });
    expect(readdirSync(out)).toEqual(['mine.txt']);
  });
});

describe('a restore', () => {
  it('puts the envelope in place as a whole, so that nothing of another one is left in it', async () => {
    await record(dataDir, 1);
    writeSettings(dataDir);
    await take();
    writeFileSync(join(dataDir, 'envelope', 'policies', 'later.cedar'), '// written since');
    writeFileSync(join(dataDir, 'retention.yaml'), 'written since');
    const later = tree(join(dataDir, 'envelope'));
    const { setAside } = putBack(dataDir);
    const stamp = '.replaced-20260301T120000Z';
    expect(setAside).toEqual(expect.arrayContaining([join(dataDir, `envelope${stamp}`)]));
    expect(tree(join(dataDir, `envelope${stamp}`))).toEqual(later);
    expect(readFileSync(join(dataDir, `retention.yaml${stamp}`), 'utf8')).toBe('written since');
    expect(Object.keys(tree(join(dataDir, 'envelope')))).not.toContain('policies/later.cedar');
  });

  it('into an empty data directory brings logs that hold, and the key that goes on signing them', async () => {
    await record(dataDir, 3);
    await take();
    const { setAside, kept, older } = putBack(other);
    expect([setAside, kept, older]).toEqual([[], [], []]);
    expect(verified(other)).toMatchObject({ ok: true, logs: [{ size: 4 }, { size: 4 }] });
    await record(other, 2);
    expect(verified(other)).toMatchObject({ ok: true, logs: [{ size: 6, signedSize: 6 }, { size: 6 }] });
  });

  it('sets what is there aside whole, with transactions that were not merged yet', async () => {
    await record(dataDir, 3);
    await take();
    const present = contents(dataDir);
    writeFileSync(join(dataDir, 'countersign.db-wal'), 'not merged');
    const { setAside, placed } = putBack(dataDir);
    expect(placed.sort()).toEqual(['countersign.db', 'drills.db']);
    const aside = join(dataDir, 'countersign.db.replaced-20260301T120000Z');
    expect(setAside).toContain(aside);
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('not merged');
    expect(Object.values(contents(dataDir))).toEqual(expect.arrayContaining(Object.values(present)));
    expect(existsSync(join(dataDir, 'countersign.db-wal'))).toBe(false);
    expect(verified(dataDir).ok).toBe(true);
  });

  it('of an older copy needs to be asked for, keeps the newer head, and is seen as a break', async () => {
    await record(dataDir, 3);
    await take();
    await record(dataDir, 2);
    const before = contents(dataDir);
    const failure = failureOf(() => putBack(dataDir));
    expect(failure.code).toBe('conflict');
    expect(failure.message).toMatch(
      /real log in the backup \(4 entries\) does not contain .*6 entries.*--older/,
    );
    expect(contents(dataDir)).toEqual(before);

    const { kept, older } = putBack(dataDir, true);
    expect(kept.sort()).toEqual(['drill-keys.json', 'vault.json']);
    expect(older.length).toBeGreaterThan(0);
    const after = verified(dataDir);
    expect(after.logs.map(({ size, problems }) => [size, problems[0]?.how])).toEqual([
      [4, 'truncated'],
      [4, 'truncated'],
    ]);
    const logs = await openLogs(dataDir);
    expect(() => logs.real.ledger.record(decision(9))).toThrow(/does not hold/);
    logs.real.ledger.beginAnew({ kind: 'person', name: 'ada' }, 'an older copy was restored');
    logs.real.ledger.record(decision(9));
    logs.close();
    expect(verified(dataDir).logs[0]).toMatchObject({ realm: 'real', ok: true });
  });

  it('of an older copy is seen too when only the data file tells that there was more', async () => {
    await record(dataDir, 3);
    await take();
    await record(dataDir, 2);
    rmSync(vaultPath(dataDir));
    expect(failureOf(() => putBack(dataDir)).message).toMatch(/real log here has 6 entries/);
  });

  it('brings newer keys with a newer log, and sets the older ones aside', async () => {
    await record(dataDir, 3);
    for (const name of readdirSync(dataDir)) copyFileSync(join(dataDir, name), join(other, name));
    const logs = await openLogs(dataDir);
    logs.real.ledger.rotateKey(
      { log: logs.real.keys.next('log') },
      { kind: 'person', name: 'ada' },
      'a change',
    );
    logs.close();
    await take();
    const oldVault = readFileSync(vaultPath(other), 'utf8');
    const { placed, setAside } = putBack(other);
    expect(placed).toContain('vault.json');
    const aside = setAside.find((path) => path.includes('vault.json')) ?? '';
    expect(readFileSync(aside, 'utf8')).toBe(oldVault);
    await record(other, 1);
    expect(verified(other).ok).toBe(true);
  });

  it('replaces a vault that cannot be read only when asked to, and keeps it', async () => {
    await record(dataDir, 2);
    await take();
    writeFileSync(vaultPath(dataDir), '{ half a vault', { mode: 0o600 });
    expect(failureOf(() => putBack(dataDir)).message).toContain('vault.json is not a vault');
    const { setAside } = putBack(dataDir, true);
    const aside = setAside.find((path) => path.includes('vault.json')) ?? '';
    expect(readFileSync(aside, 'utf8')).toBe('{ half a vault');
    expect(verified(dataDir).ok).toBe(true);
  });

  it('of a damaged data file is what backups are for', async () => {
    await record(dataDir, 2);
    await take();
    writeFileSync(join(dataDir, 'countersign.db'), 'rubbish');
    const { setAside } = putBack(dataDir);
    expect(setAside.map((path) => readFileSync(path, 'latin1'))).toContain('rubbish');
    expect(verified(dataDir).ok).toBe(true);
  });
});

describe('a restore refuses, and changes nothing', () => {
  it.each(['countersign.db', 'drills.db', 'vault.json', 'drill-keys.json'])(
    'a backup with one flipped bit in %s, by name',
    async (name) => {
      await record(dataDir, 2);
      await take();
      const bytes = readFileSync(join(out, name));
      const middle = Math.floor(bytes.length / 2);
      bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
      writeFileSync(join(out, name), bytes);
      const before = contents(dataDir);
      const failure = failureOf(() => putBack(dataDir, true));
      expect([failure.code, failure.message]).toEqual([
        'bad_input',
        expect.stringContaining(join(out, name)),
      ]);
      expect(contents(dataDir)).toEqual(before);
      expect(failureOf(() => putBack(other)).code).toBe('bad_input');
      expect(readdirSync(other)).toEqual([]);
    },
  );

  it('a backup whose data file was exchanged together with its digest', async () => {
    await record(dataDir, 2);
    await take();
    await record(other, 4);
    copyFileSync(join(other, 'countersign.db'), join(out, 'countersign.db'));
    listAgain();
    const failure = failureOf(() => putBack(dataDir, true));
    expect([failure.code, failure.message]).toEqual([
      'bad_input',
      expect.stringContaining('not the one that its list names'),
    ]);
  });

  it('a link in the place of a file, and reads nothing through it', async () => {
    await record(dataDir, 2);
    await take();
    const elsewhere = join(folder, 'elsewhere');
    renameSync(join(out, 'vault.json'), elsewhere);
    symlinkSync(elsewhere, join(out, 'vault.json'));
    const failure = failureOf(() => putBack(other));
    expect([failure.code, failure.message]).toEqual([
      'bad_input',
      expect.stringMatching(/vault\.json.*a link/),
    ]);
    expect(readdirSync(other)).toEqual([]);
  });

  it('a folder of its envelope that is a link', async () => {
    await record(dataDir, 1);
    writeSettings(dataDir);
    await take();
    renameSync(join(out, 'envelope', 'policies'), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(out, 'envelope', 'policies'));
    const failure = failureOf(() => putBack(other));
    expect([failure.code, failure.message]).toEqual(['bad_input', expect.stringContaining('policies')]);
    expect(readdirSync(other)).toEqual([]);
  });

  it.each([
    '../escaped.db',
    '/tmp/escaped.db',
    'instance.lock',
    'countersign.db-wal',
    'constructor',
    '',
    'envelope/policies/../../escaped.db',
  ])('a list that names %j', async (name) => {
    await record(dataDir, 1);
    await take();
    writeFileSync(join(folder, 'escaped.db'), 'as it was');
    const list = JSON.parse(readFileSync(join(out, 'backup.json'), 'utf8')) as {
      files: { name: string }[];
    };
    list.files = list.files.map((file, index) => (index === 0 ? { ...file, name } : file));
    writeFileSync(join(out, 'backup.json'), JSON.stringify(list));
    expect(failureOf(() => putBack(other)).code).toBe('bad_input');
    expect(readdirSync(other)).toEqual([]);
    expect(readFileSync(join(folder, 'escaped.db'), 'utf8')).toBe('as it was');
  });

  it('what is no finished backup', async () => {
    expect(failureOf(() => putBack(other)).code).toBe('not_found');
    await record(dataDir, 1);
    await take();
    rmSync(join(out, 'backup.json'));
    expect(failureOf(() => putBack(other)).code).toBe('not_found');
    writeFileSync(join(out, 'backup.json'), '{');
    expect(failureOf(() => putBack(other)).code).toBe('bad_input');
  });
});

describe('a restore that fails half way', () => {
  const names = ['vault.json', 'countersign.db', 'drills.db'] as const;

  function prepare() {
    const staging = join(folder, 'staging');
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    for (const name of names) {
      writeFileSync(join(other, name), `present ${name}`);
      writeFileSync(join(staging, name), `from the backup ${name}`);
    }
    writeFileSync(join(other, 'countersign.db-wal'), 'present log');
    return names.map((name) => ({ name, staged: join(staging, name) }));
  }

  it('leaves everything as it was, whichever step fails', () => {
    for (let failing = 1; ; failing += 1) {
      const placings = prepare();
      const before = contents(other);
      let step = 0;
      let hasFailed = false;
      const rename = (from: string, to: string) => {
        step += 1;
        if (step === failing) {
          hasFailed = true;
          throw new Error('the disk reports an error');
        }
        renameSync(from, to);
      };
      const put = () => putInPlace(other, placings, 'stamp', rename);
      if (failing > 7) {
        put();
        expect(hasFailed).toBe(false);
        return;
      }
      expect(failureOf(put).message).toMatch(/the disk reports an error.*Everything is as it was/);
      expect(contents(other)).toEqual(before);
    }
  });

  it('says where everything is when even going back fails, and deletes nothing', () => {
    const placings = prepare();
    const before = Object.values(contents(other));
    let step = 0;
    const rename = (from: string, to: string) => {
      step += 1;
      if (step > 3) throw new Error('the disk is gone');
      renameSync(from, to);
    };
    const failure = failureOf(() => putInPlace(other, placings, 'stamp', rename));
    expect(failure.message).toContain(
      `${join(other, 'vault.json.replaced-stamp')} was ${join(other, 'vault.json')}`,
    );
    expect(Object.values(contents(other))).toEqual(expect.arrayContaining(before));
  });

  it('never takes the name of what was set aside before', () => {
    putInPlace(other, prepare(), 'stamp');
    const first = contents(other)['vault.json.replaced-stamp'];
    const setAside = putInPlace(other, prepare(), 'stamp');
    expect(setAside).toContain(join(other, 'vault.json.replaced-stamp-2'));
    expect(contents(other)['vault.json.replaced-stamp']).toBe(first);
  });

  it('replaces a link in the data directory and not what it leads to', () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'not ours');
    const placings = prepare();
    rmSync(join(other, 'drills.db'));
    symlinkSync(elsewhere, join(other, 'drills.db'));
    putInPlace(other, placings, 'stamp');
    expect(readFileSync(elsewhere, 'utf8')).toBe('not ours');
    expect(lstatSync(join(other, 'drills.db')).isSymbolicLink()).toBe(false);
    expect(lstatSync(join(other, 'drills.db.replaced-stamp')).isSymbolicLink()).toBe(true);
  });
});

/** A small disk of its own, for those who may mount one. */
function smallDisk(path: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  mkdirSync(path, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', path]).status === 0;
}

it('neither a backup nor a restore leaves anything by half where the disk is full (tmpfs)', async ({
  skip,
}) => {
  const disk = join(folder, 'disk');
  if (!smallDisk(disk)) skip('this user may not mount a disk');
  try {
    await record(dataDir, 100);
    const before = contents(dataDir);
    const full = backUp({ dataDir, out: join(disk, 'backup'), version: '1.2.3', nowMs: NOW });
    await expect(full).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/Free some space/),
    });
    expect(readdirSync(join(disk, 'backup'))).toEqual([]);
    expect(contents(dataDir)).toEqual(before);
    await take();
    rmSync(join(disk, 'backup'), { recursive: true });
    writeFileSync(vaultPath(disk), 'what was there');
    const failure = failureOf(() => putBack(disk, true));
    expect([failure.code, failure.message]).toEqual(['storage', expect.stringContaining('Free some space')]);
    expect(readdirSync(disk)).toEqual(['vault.json']);
    expect(readFileSync(vaultPath(disk), 'utf8')).toBe('what was there');
  } finally {
    spawnSync('umount', [disk]);
  }
});

it('the command line backs up and restores, and a running Countersign is not replaced', async () => {
  await record(dataDir, 2);
  const cli = (...args: string[]) => {
    const script = new URL('../../../electron/cli.ts', import.meta.url).pathname;
    return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  };
  const backedUp = cli('--data-dir', dataDir, 'backup', '--out', out, '--json');
  expect([backedUp.status, JSON.parse(backedUp.stdout)]).toMatchObject([0, { folder: out, problems: [] }]);
  const restored = cli('--data-dir', other, 'restore', out);
  expect([restored.status, restored.stdout]).toEqual([
    0,
    expect.stringContaining('holds: real log, 3 entries'),
  ]);
  await record(other, 1);
  const refused = cli('--data-dir', other, 'restore', out);
  expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining('--older')]);
  const older = cli('--data-dir', other, 'restore', out, '--older');
  const lock = lockDataDir(other);
  const taken = cli('--data-dir', other, 'restore', out, '--older');
  lock.release();
  expect([taken.status, taken.stderr]).toEqual([3, expect.stringContaining('already runs')]);
  expect([older.status, older.stdout]).toEqual([
    0,
    expect.stringContaining('ledger begin-anew --realm real'),
  ]);
});
