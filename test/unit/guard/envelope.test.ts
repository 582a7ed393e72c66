import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { envelopeView, loadEnvelope } from '../../../electron/guard/envelope.ts';

function folderWith(text: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'envelope-'));
  if (text !== null) writeFileSync(join(folder, 'envelope.yaml'), text);
  return folder;
}

it('reads the envelope that ships and says it in words', () => {
  const loaded = loadEnvelope('resources/envelope');
  expect(loaded.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(envelopeView(loaded).mayPropose.join()).toContain('roll-back-deployment in production');
});

it.each([
  ['is missing', null, /cannot be read/],
  ['is not YAML', 'a: [', /is not YAML/],
  ['has a member nobody knows', 'format: countersign.envelope/1\nversion: "1"\nextra: 1', /Unrecognized key/],
  ['names no stage', 'format: countersign.envelope/1\nversion: "1"', /stage/],
])('refuses an envelope that %s, naming the file', (_case, text, message) => {
  const folder = folderWith(text);
  expect(() => loadEnvelope(folder)).toThrow(message);
  expect(() => loadEnvelope(folder)).toThrow(join(folder, 'envelope.yaml'));
});
