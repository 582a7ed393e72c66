import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { signFolder } from '../../../../electron/guard/envelope/sign-folder.ts';
import { newPrivateKey, signerOf } from '../../../../electron/platform/ed25519.ts';
import { editEnvelope, envelopeFolder, quickChecks } from '../../../fixtures/envelope-folder.ts';

const mina = signerOf(newPrivateKey());
const holds = { ...quickChecks, runTests: () => ({ count: 3, failures: [] }) };
const about = (dir: string, differences: { version?: string; last?: string | null } = {}) => ({
  dir,
  name: 'Mina',
  signedAtMs: 0,
  last: null,
  ...differences,
});
const manifestOf = (dir: string) => readFileSync(join(dir, 'manifest.json'), 'utf8');

it('writes the version into its line alone, and the manifest over what lies there then', () => {
  const dir = envelopeFolder();
  const before = readFileSync(join(dir, 'envelope.yaml'), 'utf8');
  expect(signFolder(about(dir, { version: '12' }), mina, holds)).toMatchObject({ version: '12', tests: 3 });
  const after = readFileSync(join(dir, 'envelope.yaml'), 'utf8');
  expect(after).toBe(before.replace(/^version:.*$/m, "version: '12'"));
  expect(readdirSync(dir).filter((name) => name.endsWith('.new'))).toEqual([]);
});

it('leaves no more than one half-written file of an earlier attempt in its way', () => {
  const dir = envelopeFolder();
  writeFileSync(join(dir, 'manifest.json.new'), 'half');
  // A name that nobody knows is refused, whoever left it.
  expect(() => signFolder(about(dir), mina, holds)).toThrow(/"manifest\.json\.new" does not belong/);
});

it.each<[string, (dir: string) => Parameters<typeof signFolder>, RegExp]>([
  [
    'a version that was accepted already',
    (dir) => [about(dir, { version: '7', last: '7' }), mina, holds],
    /Version 7 is not above version 7.*--as-version 8/,
  ],
  [
    'an older version',
    (dir) => [about(dir, { version: '9', last: '10' }), mina, holds],
    /Version 9 is not above version 10/,
  ],
  [
    'tests that fail',
    (dir) => [
      about(dir),
      mina,
      { ...quickChecks, runTests: () => ({ count: 2, failures: ['a drain: expected deny, got offer'] }) },
    ],
    /fails 1 of its 2 tests, so it is not signed:\na drain: expected deny/,
  ],
  [
    'a policy that Cedar warns of',
    (dir) => {
      editEnvelope(
        dir,
        'policies/20-forbid.cedar',
        /$/,
        '\n@id("never") forbid(principal, action, resource) when { false };\n',
      );
      return [about(dir), mina, holds];
    },
    /do not hold: .*20-forbid\.cedar/,
  ],
  [
    'a document that does not hold',
    (dir) => {
      editEnvelope(dir, 'envelope.yaml', /^stage: \w+/m, 'stage: anything');
      return [about(dir), mina, holds];
    },
    /stage/,
  ],
  [
    'a version that would break out of its line',
    (dir) => [about(dir, { version: "1'\nstage: bounded #" }), mina, holds],
    /not YAML|whole number/,
  ],
])('signs nothing, and writes nothing, for %s', (_case, given, sentence) => {
  const dir = envelopeFolder();
  const before = manifestOf(dir);
  const [first, ...rest] = given(dir);
  const text = readFileSync(join(dir, 'envelope.yaml'), 'utf8');
  expect(() => signFolder(first, ...rest)).toThrow(sentence);
  expect(manifestOf(dir)).toBe(before);
  expect(readFileSync(join(dir, 'envelope.yaml'), 'utf8')).toBe(text);
  expect(existsSync(join(dir, 'manifest.json.new'))).toBe(false);
});
