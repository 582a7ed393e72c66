import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { flagd } from '../../../../electron/connectors/flagd/flagd.ts';
import type { ChangeObservation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { demandEvidence, sentOf } from '../../../fixtures/sent-fact.ts';

const calm = () => new AbortController().signal;
const lastDay = () => ({ fromMs: Date.now() - 86_400_000, toMs: Date.now() + 1_000 });

let folder = '';
let path = '';
const stops: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-flagd-'));
  path = join(folder, 'flags.json');
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  rmSync(folder, { recursive: true });
});

const definition = (cart: object = {}, more: object = {}) =>
  JSON.stringify(
    {
      flags: {
        'checkout.new-cart': {
          state: 'ENABLED',
          variants: { on: true, off: false },
          defaultVariant: 'off',
          ...cart,
        },
        ...more,
      },
      $evaluators: { staff: { in: ['@shop.example', { var: 'email' }] } },
    },
    null,
    2,
  );

/** Editors write beside and put in place, so that nobody reads half a file. */
function write(text: string) {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function watch() {
  const connector = flagd({ id: 'f', name: 'Flags', path, everyMs: 5 });
  const observed: ChangeObservation[] = [];
  const sent: unknown[] = [];
  let state = '';
  const { changes, flagInspector } = connector;
  if (!changes || !flagInspector) throw new Error('it tells of changes and of flags');
  stops.push(
    changes.stream({
      onObservations(some) {
        demandEvidence(some);
        sent.push(...some.map(sentOf));
        observed.push(...(some as ChangeObservation[]));
      },
      onState: (now) => {
        state = now.up ? 'up' : now.because;
      },
    }),
  );
  const is = (expected: RegExp) => eventually(`the state ${expected}`, () => expected.test(state));
  return { changes, flagInspector, test: connector.test, observed, sent, is };
}

it('tells each edit with what was before and after, once', async () => {
  write(definition());
  const { observed, is } = watch();
  await is(/^up$/);
  write(definition({ defaultVariant: 'on' }));
  await eventually('the first edit', () => observed.length === 1);
  expect(observed[0]).toMatchObject({
    change: 'flag',
    service: 'checkout',
    title: 'Flag checkout.new-cart in production: default variant: off → on',
    labels: { flag: 'checkout.new-cart', project: 'Flags', environment: 'production' },
    diff: [{ path: 'default variant', before: 'off', after: 'on' }],
  });
  expect(observed[0]).not.toHaveProperty('actor');
  write(
    definition(
      { state: 'DISABLED', defaultVariant: 'on' },
      { banner: { state: 'ENABLED', variants: { a: 1 } } },
    ),
  );
  await eventually('the second edit', () => observed.length === 3);
  expect(observed.slice(1).map(({ title }) => title)).toEqual([
    'Flag checkout.new-cart in production: on → off',
    'Flag banner in production: added, on',
  ]);
  expect(new Set(observed.map(({ key }) => key)).size).toBe(3);
});

it('keeps a flag as it stood before and after, with the shared rules that it refers to', async () => {
  const targeting = { if: [{ $ref: 'staff' }, 'on', 'off'] };
  write(definition());
  const { changes, sent, is } = watch();
  await is(/^up$/);
  write(definition({ targeting, variants: { on: true, off: false, key: 'hunter2' }, note: 'by hand' }));
  await eventually('the edit', () => sent.length === 1);
  const facts = await changes.backfill({ fromMs: 0, toMs: Date.now() + 60_000 }, calm());
  for (const one of [sent[0], sentOf(facts.at(-1) ?? ({ raw: null } as never))])
    expect(one).toEqual({
      flag: 'checkout.new-cart',
      before: {
        definition: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
      },
      after: {
        definition: {
          state: 'ENABLED',
          variants: { on: true, off: false, key: '(hidden)' },
          defaultVariant: 'off',
          targeting,
          note: 'by hand',
        },
        $evaluators: { staff: { in: ['@shop.example', { var: 'email' }] } },
      },
    });
});

it('names the line of a bad version, keeps the last good one, and goes on when it is mended', async () => {
  write(definition());
  const { observed, is, flagInspector, test } = watch();
  await is(/^up$/);
  write(definition().replace('"ENABLED"', '"ENABLED'));
  await is(/flags\.json, line 4: it is not JSON\. The last version that could be read is kept\./);
  const ref = { project: 'any', namespace: 'production', name: 'checkout.new-cart' };
  expect((await flagInspector.targeting(ref, calm())).enabled).toBe(true);
  expect((await test(calm())).ok).toBe(true);
  rmSync(path);
  await is(/cannot be read: ENOENT/);
  write(definition({ state: 'DISABLED' }));
  await is(/^up$/);
  expect(observed.map(({ title }) => title)).toEqual(['Flag checkout.new-cart in production: on → off']);
});

it('shows who gets a flag, with the shared rules that it refers to, and notices when only one of those changes', async () => {
  const targeting = { if: [{ $ref: 'staff' }, 'on', null] };
  write(definition({ targeting }));
  const { observed, is, flagInspector } = watch();
  await is(/^up$/);
  const ref = { project: 'Flags', namespace: 'production', name: 'checkout.new-cart' };
  expect(await flagInspector.targeting(ref, calm())).toEqual({
    enabled: true,
    archived: false,
    rules: [
      {
        name: 'targeting',
        disabled: false,
        fields: [
          { path: 'default variant', value: 'off' },
          { path: 'targeting', value: '{"if":[{"$ref":"staff"},"on",null]}' },
          { path: 'shared rule staff', value: '{"in":["@shop.example",{"var":"email"}]}' },
          { path: 'variant on', value: 'true' },
          { path: 'variant off', value: 'false' },
        ],
      },
    ],
  });
  await expect(flagInspector.targeting({ ...ref, name: 'toString' }, calm())).rejects.toThrow(
    /no flag toString/,
  );
  write(definition({ targeting }).replace('@shop.example', '@example'));
  await eventually('the rule', () => observed.length === 1);
  expect(observed[0]?.diff?.map(({ path: field }) => field)).toEqual(['shared rule staff']);
});

it('says of a folder, a pipe and a file that is not there what is wrong, and waits for none of them', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const tested = (at: string) => flagd({ id: 'f', name: 'F', path: at }).test(calm());
  expect((await tested(folder)).sentence).toMatch(/is not a file/);
  expect((await tested(join(folder, 'pipe'))).sentence).toMatch(/is not a file/);
  expect((await tested(join(folder, 'no.json'))).sentence).toMatch(/ENOENT.*Is the path right/);
});

const author = [
  '-c',
  'user.name=Mara Lind',
  '-c',
  'user.email=mara@example.com',
  '-c',
  'commit.gpgsign=false',
];
const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...author, ...args], { stdio: 'pipe' });
const commit = (text: string) => {
  write(text);
  git('add', 'flags.json');
  git('commit', '-qm', 'edit');
};

it('knows from git who made an edit, also of those before it was watched, and runs nothing that lies in the repository', async () => {
  git('init', '-q');
  commit(definition());
  commit(definition({ defaultVariant: 'on' }));
  const trap = join(folder, 'trap.sh');
  writeFileSync(trap, `#!/bin/sh\ntouch ${join(folder, 'sprung')}\n`, { mode: 0o755 });
  for (const setting of ['core.fsmonitor', 'core.pager', 'diff.external', 'gpg.program', 'core.sshCommand'])
    git('config', setting, trap);
  git('config', 'log.showSignature', 'true');
  const { changes, flagInspector, observed, is } = watch();
  await is(/^up$/);
  const before = await changes.backfill(lastDay(), calm());
  expect(before.map((one) => ('actor' in one ? `${one.title} by ${one.actor}` : ''))).toEqual([
    'Flag checkout.new-cart in production: added, on by Mara Lind',
    'Flag checkout.new-cart in production: default variant: off → on by Mara Lind',
  ]);
  expect(before.every(({ reconstructed }) => reconstructed)).toBe(true);

  write(definition({ state: 'DISABLED', defaultVariant: 'on' }));
  await eventually('the edit', () => observed.length === 1);
  expect(observed[0]).not.toHaveProperty('actor');
  const ref = { project: 'Flags', name: 'checkout.new-cart' };
  const history = await flagInspector.history(ref, lastDay(), calm());
  expect(history.map(({ what, actor }) => [what, actor])).toEqual([
    ['on → off', null],
    ['default variant: off → on', 'Mara Lind'],
    ['added, on', 'Mara Lind'],
  ]);
  expect(existsSync(join(folder, 'sprung'))).toBe(false);
  git('status');
  expect(existsSync(join(folder, 'sprung'))).toBe(true);
});

it('gives an edit that git holds to who committed it, and one key however it is found', async () => {
  git('init', '-q');
  commit(definition());
  const head = () => String(git('rev-parse', 'HEAD')).slice(0, 12);
  const { changes, observed, is } = watch();
  await is(/^up$/);
  // Committed from another place, so that it is in the repository before it is in sight.
  const text = definition({ state: 'DISABLED' });
  writeFileSync(`${path}.next`, text);
  const blob = String(git('hash-object', '-w', `${path}.next`)).trim();
  git('update-index', '--cacheinfo', `100644,${blob},flags.json`);
  git('commit', '-qm', 'off');
  renameSync(`${path}.next`, path);
  await eventually('the edit', () => observed.length === 1);
  expect(observed[0]).toMatchObject({ actor: 'Mara Lind', key: `flag:Flags/checkout.new-cart@${head()}` });
  const keys = (await changes.backfill(lastDay(), calm())).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toContain(observed[0]?.key);
});
