import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { envelopeInWords } from '../../../../electron/guard/envelope/in-words.ts';
import { loadEnvelope } from '../../../../electron/guard/envelope/load-envelope.ts';
import { mayBeOffered } from '../../../../electron/guard/may-be-offered.ts';

/** The envelope that ships, with one file replaced, or left out where the text is null. */
function folderWith(path: string, text: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'envelope-'));
  cpSync('resources/envelope', folder, { recursive: true });
  if (text === null) rmSync(join(folder, path));
  else writeFileSync(join(folder, path), text);
  return folder;
}

it('reads the envelope that ships and says it in words', () => {
  const loaded = loadEnvelope('resources/envelope');
  expect(loaded.digest).toMatch(/^[0-9a-f]{64}$/);
  const words = envelopeInWords(
    loaded,
    mayBeOffered(loaded).map(({ action }) => action),
  );
  expect(words.mayPropose).toContain('roll-back-deployment');
  expect(words.limits).toContain('scale-workload: replicas from 1 to 20');
});

it.each([
  ['is missing', null, /lacks/],
  ['is not YAML', 'a: [', /is not YAML/],
  ['repeats itself by aliases', 'a: &a [1]\nb: *a', /is not YAML/],
  ['has a member nobody knows', 'format: countersign.envelope/2\nversion: "1"\nextra: 1', /Unrecognized key/],
  ['names no stage', 'format: countersign.envelope/2\nversion: "1"', /stage/],
])('refuses an envelope that %s, naming the file', (_case, text, message) => {
  const folder = folderWith('envelope.yaml', text);
  expect(() => loadEnvelope(folder)).toThrow(message);
  expect(() => loadEnvelope(folder)).toThrow(join(folder, 'envelope.yaml'));
});

it.each([
  ['do not parse', 'permit (principal, action', /policies\/x\.cedar does not hold/],
  ['bear no id', 'permit (principal, action, resource);', /has no @id/],
  ['bear an odd id', '@id("Ünsure") permit (principal, action, resource);', /must be plain/],
  [
    'bear an id twice',
    '@id("flags") permit (principal, action, resource);',
    /Two policies bear the id flags/,
  ],
  [
    'speak of what the schema lacks',
    '@id("x") permit (principal, action, resource) when { resource.owner == "me" };',
    /policies\/x\.cedar: .*owner/,
  ],
  ['are templates', '@id("x") permit (principal == ?principal, action, resource);', /template/],
])('refuses policies that %s', (_case, text, message) => {
  expect(() => loadEnvelope(folderWith('policies/x.cedar', text))).toThrow(message);
});

it('refuses a schema that does not fit what the guard asks about', () => {
  const schema =
    'entity Proposer; entity Target; action "x" appliesTo { principal: Proposer, resource: Target };';
  expect(() => loadEnvelope(folderWith('schema.cedarschema', schema))).toThrow(/do not hold/);
});
