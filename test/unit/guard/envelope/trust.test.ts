import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestText, signManifest } from '../../../../electron/guard/envelope/manifest.ts';
import { PUBLISHER_KEY } from '../../../../electron/guard/envelope/publisher-key.ts';
import { readFolder } from '../../../../electron/guard/envelope/read-folder.ts';
import { type Accepted, judgeFolder, type Trust } from '../../../../electron/guard/envelope/trust.ts';
import { newPrivateKey, type Signer, signerOf } from '../../../../electron/platform/ed25519.ts';
import { editEnvelope, envelopeFolder, signEnvelope } from '../../../fixtures/envelope-folder.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const mina = signerOf(newPrivateKey());
const olga = signerOf(newPrivateKey());
const base64 = ({ publicKey }: Signer) => Buffer.from(publicKey).toString('base64');

const trust = (differences: Partial<Trust> = {}): Trust => ({
  nowMs: NOW_MS,
  last: null,
  installation: [base64(mina)],
  publisher: PUBLISHER_KEY,
  ...differences,
});
const accepted = (differences: Partial<Accepted> = {}): Accepted => ({
  version: '5',
  digest: 'a'.repeat(64),
  trustedAs: 'installation',
  approvers: [],
  ...differences,
});

/** A folder that Mina signed as version 7. */
function signed(): string {
  const dir = envelopeFolder();
  signEnvelope(dir, '7', mina);
  return dir;
}

const whyNot = (dir: string, differences: Partial<Trust> = {}): string => {
  const judged = judgeFolder(dir, trust(differences));
  return judged.kind === 'none' ? judged.because : 'in force';
};

describe('an envelope is in force', () => {
  it('as it ships, signed by who publishes it', () => {
    const judged = judgeFolder('resources/envelope', trust({ installation: [] }));
    expect(judged).toMatchObject({ kind: 'in-force', trustedAs: 'publisher' });
  });

  it('when an approver of this installation signed it, under the digest of what was signed', () => {
    const dir = envelopeFolder();
    const { digest } = signEnvelope(dir, '7', mina);
    expect(judgeFolder(dir, trust())).toMatchObject({
      kind: 'in-force',
      trustedAs: 'installation',
      loaded: { digest, envelope: { version: '7' } },
    });
  });

  it('when an approver signed it whom the version before names with this key', () => {
    const last = accepted({ approvers: [{ name: 'Olga', publicKey: base64(olga) }] });
    const dir = envelopeFolder();
    signEnvelope(dir, '7', olga, 'Olga');
    expect(judgeFolder(dir, trust({ last }))).toMatchObject({ kind: 'in-force', trustedAs: 'approver' });
    expect(whyNot(dir, { last: accepted() })).toMatch(/signed by "Olga" with a key that is not trusted/);
  });

  it('when it is the version that was accepted last', () => {
    const dir = signed();
    const judged = judgeFolder(dir, trust());
    if (judged.kind === 'none') throw new Error(judged.because);
    expect(whyNot(dir, { last: accepted({ version: '7', digest: judged.loaded.digest }) })).toBe('in force');
  });
});

describe('no envelope is in force', () => {
  const files = [
    'envelope.yaml',
    'schema.cedarschema',
    'policies/10-permit.cedar',
    'policies/20-forbid.cedar',
  ];

  it.each(files)('when one byte of %s is another', (path) => {
    const dir = signed();
    const bytes = readFileSync(join(dir, path));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(join(dir, path), bytes);
    expect(whyNot(dir)).toContain(`${path} was altered after it was signed`);
  });

  it.each(files)('when %s is taken away', (path) => {
    const dir = signed();
    rmSync(join(dir, path));
    expect(whyNot(dir)).toContain(`${path} is missing`);
  });

  it.each<[string, RegExp, (dir: string) => void]>([
    ['there is no folder', /There is no envelope/, (dir) => rmSync(dir, { recursive: true })],
    ['it is not signed', /is not signed.*`envelope sign`/, (dir) => rmSync(join(dir, 'manifest.json'))],
    [
      'a policy was added',
      /policies\/30-all\.cedar was added after it was signed/,
      (dir) =>
        writeFileSync(
          join(dir, 'policies', '30-all.cedar'),
          '@id("all") permit(principal, action, resource);',
        ),
    ],
    [
      'the manifest is that of another folder',
      /was altered/,
      (dir) => {
        const other = envelopeFolder();
        editEnvelope(other, 'envelope.yaml', /stage: \w+/, 'stage: bounded');
        signEnvelope(other, '8', mina);
        writeFileSync(join(dir, 'manifest.json'), readFileSync(join(other, 'manifest.json')));
      },
    ],
    [
      'the manifest was edited',
      /signature of the envelope .* does not hold/,
      (dir) => editEnvelope(dir, 'manifest.json', /"version": "7"/, '"version": "8"'),
    ],
    [
      'the key in the manifest was replaced',
      /signature of the envelope .* does not hold/,
      (dir) => editEnvelope(dir, 'manifest.json', base64(mina), base64(olga)),
    ],
    [
      'it is signed by an unknown key under a known name',
      /key that is not trusted/,
      (dir) => void signEnvelope(dir, '8', olga, 'Mina'),
    ],
    [
      'a link is in its place',
      /is no folder/,
      (dir) => {
        const other = signed();
        rmSync(dir, { recursive: true });
        symlinkSync(other, dir);
      },
    ],
    [
      'it holds a file nobody knows',
      /"notes\.md" does not belong/,
      (dir) => writeFileSync(join(dir, 'notes.md'), ''),
    ],
    ['it holds a folder nobody knows', /"more" does not belong/, (dir) => mkdirSync(join(dir, 'more'))],
    [
      'a file is larger than anybody could review',
      /longer than/,
      (dir) => writeFileSync(join(dir, 'tests.yaml'), 'x'.repeat(300_000)),
    ],
  ])('when %s', (_case, sentence, spoil) => {
    const dir = signed();
    spoil(dir);
    expect(whyNot(dir)).toMatch(sentence);
  });

  it.each<[string, string, RegExp | string, string, RegExp]>([
    ['is not YAML', 'envelope.yaml', /^stage:.*$/m, 'stage: [', /not YAML/],
    ['repeats itself by aliases', 'envelope.yaml', /^stage:.*$/m, 'stage: &a supervised\nx: *a', /not YAML/],
    ['has a member twice', 'envelope.yaml', /^stage:.*$/m, 'stage: shadow\nstage: bounded', /not YAML/],
    [
      'has a member nobody knows',
      'envelope.yaml',
      /^stage:.*$/m,
      'stage: shadow\nextra: 1',
      /Unrecognized key/,
    ],
    [
      'has a prototype',
      'envelope.yaml',
      /^stage:.*$/m,
      'stage: shadow\n__proto__: { stage: bounded }',
      /no member may be called __proto__/,
    ],
    [
      'hides a condition in a prototype',
      'envelope.yaml',
      /^( *)namespaces:/m,
      '$1namespaceLabels: { __proto__: shop }\n$1namespaces:',
      /no member may be called __proto__/,
    ],
    [
      'is nested deeper than anybody can read',
      'envelope.yaml',
      /^stage:.*$/m,
      `stage: ${'['.repeat(100_000)}`,
      /not YAML/,
    ],
    [
      'has two policies of one id',
      'policies/20-forbid.cedar',
      /$/,
      '\n@id("twice") forbid(principal, action, resource);\n@id("twice") forbid(principal, action, resource);\n',
      /bear the id twice/,
    ],
    [
      'has a policy that speaks of what there is not',
      'policies/20-forbid.cedar',
      /$/,
      '\n@id("x") permit(principal, action, resource) when { resource.nobody == 1 };\n',
      /nobody/,
    ],
  ])('although it is signed, when it %s', (_case, path, was, is, sentence) => {
    const dir = envelopeFolder();
    editEnvelope(dir, path, was, is);
    // Signed by hand: `signFolder` would refuse it.
    signAsItIs(dir, mina);
    expect(whyNot(dir)).toMatch(sentence);
  });

  it('when what was signed and envelope.yaml name different versions', () => {
    const dir = envelopeFolder();
    signAsItIs(dir, mina, '9');
    expect(whyNot(dir)).toMatch(/envelope\.yaml of .* says version \d+, and what was signed says 9/);
  });

  it('from the moment on that it says, also when the clock was set back since', () => {
    const dir = envelopeFolder();
    editEnvelope(dir, 'envelope.yaml', /^stage:/m, "validUntil: '2026-11-21T12:00:00Z'\nstage:");
    signEnvelope(dir, '7', mina);
    expect(whyNot(dir, { nowMs: NOW_MS - 1 })).toBe('in force');
    expect(whyNot(dir, { nowMs: NOW_MS })).toMatch(/expired at 2026-11-21T12:00:00Z.*Sign a newer version/);
  });

  it('when an older version is put back', () => {
    expect(whyNot(signed(), { last: accepted({ version: '8' }) })).toMatch(
      /version 7 .* older than version 8/i,
    );
    expect(whyNot(signed(), { last: accepted({ version: '10' }) })).toMatch(/older than version 10/);
  });

  it('when the same version comes with another content', () => {
    expect(whyNot(signed(), { last: accepted({ version: '7' }) })).toMatch(/accepted with another content/);
  });

  it('when the default comes in the place of one of its own', () => {
    const last = accepted({ version: '1' });
    expect(whyNot('resources/envelope', { last })).toMatch(/has an envelope of its own, version 1/);
    expect(whyNot('resources/envelope', { last: { ...last, trustedAs: 'publisher' } })).toBe('in force');
  });
});

/** The manifest over whatever lies there. */
function signAsItIs(dir: string, signer: Signer, version?: string): void {
  const folder = readFolder(dir);
  const said = /^version: '?(\d+)'?$/m.exec(readFileSync(join(dir, 'envelope.yaml'), 'utf8'))?.[1] ?? '1';
  const about = { version: version ?? said, signedAtMs: 0, name: 'Mina', files: folder.files };
  writeFileSync(join(dir, 'manifest.json'), manifestText(signManifest(about, signer)));
}
