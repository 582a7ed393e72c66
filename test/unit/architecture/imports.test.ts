import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { violations } from '../../../scripts/imports/check.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What lint says of a tree that holds one file. */
function said(file: string, text: string): string[] {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return violations(root);
}

test.each([
  ['electron/host/host.ts', "import { rank } from '../correlation/rank.ts';"],
  ['electron/host/host.ts', "import { Failure } from '../platform/failure.ts';"],
  [
    'electron/main.ts',
    "import { app } from 'electron';\nimport { createHost } from './host/create-host.ts';",
  ],
  ['electron/desktop/window.ts', "import type { Host } from '../host/host.ts';"],
  ['electron/desktop/window.ts', "import { type Host, type Reply } from '../host/host.ts';"],
  ['electron/web/server.ts', "export type { Host } from '../host/host.ts';"],
  ['electron/web/server.ts', "type Host = import('../host/host.ts').Host;"],
  ['electron/actions/all.ts', "import { plan } from './scale-workload.ts';"],
  ['electron/actions/scale-workload.ts', "import type { Action } from './action.ts';"],
  ['electron/connectors/prometheus/prometheus.ts', "import { bounded } from '../bounded.ts';"],
  ['electron/connectors/prometheus/prometheus.ts', "import { parse } from './api.ts';"],
  ['renderer/timeline/panel.tsx', "import { Button } from '../ui/button.tsx';\nimport './timeline.css';"],
  ['renderer/app/frame.tsx', "import { Panel } from '../timeline/panel.tsx';"],
  ['shared/bridge/contract.ts', "import { z } from 'zod';\nimport { Case } from '../formats/case.ts';"],
])('%s may say %s', (file, text) => {
  expect(said(file, text)).toEqual([]);
});

test.each([
  ['electron/correlation/rank.ts', "import { log } from '../ledger/log.ts';"],
  ['electron/ledger/log.ts', "import { createHost } from '../host/create-host.ts';"],
  ['electron/web/server.ts', "import { createHost } from '../host/create-host.ts';"],
  ['electron/web/server.ts', "import { createHost, type Host } from '../host/create-host.ts';"],
  ['electron/web/server.ts', "import '../host/create-host.ts';"],
  ['electron/web/server.ts', "export { createHost } from '../host/create-host.ts';"],
  ['electron/web/server.ts', "export const later = () => import('../host/create-host.ts');"],
  ['electron/web/server.ts', 'export const later = () => import(`../host/create-host.ts`);'],
  ['electron/web/server.ts', "type Vault = import('../vault/vault.ts').Vault;"],
  ['electron/actions/scale-workload.ts', "import type { Plan } from './roll-back-deployment.ts';"],
  ['electron/actions/scale-workload.ts', "import { read } from '../connectors/kubernetes/kubernetes.ts';"],
  ['electron/connectors/prometheus/prometheus.ts', "import type { Api } from '../kubernetes/api.ts';"],
  ['electron/sandbox/sandbox.ts', "import type { Host } from '../connectors/source.ts';"],
  ['electron/host/host.ts', "import { app } from 'electron';"],
  ['electron/host/host.ts', "import type { Window } from '../desktop/window.ts';"],
  ['renderer/timeline/panel.tsx', "import { Card } from '../proposals/card.tsx';"],
  ['renderer/timeline/panel.tsx', "import { call } from '../bridge/client.ts';"],
  ['renderer/ui/button.tsx', "import { room } from '../state/room.ts';"],
  ['renderer/state/room.ts', "import { Failure } from '../../electron/platform/failure.ts';"],
  ['renderer/state/room.ts', "import { readFile } from 'node:fs/promises';"],
  ['shared/vocabulary/ids.ts', "import { commands } from '../bridge/contract.ts';"],
  ['shared/formats/case.ts', "import { createHash } from 'node:crypto';"],
  ['shared/formats/case.ts', "import { Failure } from '../../electron/platform/failure.ts';"],
])('%s may not say %s', (file, text) => {
  expect(said(file, text)).toEqual([expect.stringMatching(new RegExp(`^${file}:1 imports `))]);
});

test('a folder that the table does not know is told', () => {
  expect(said('electron/misc/thing.ts', 'export {};')).toEqual([
    'electron/misc/thing.ts:1 has no row in scripts/imports/table.mjs',
  ]);
});

test('a sentence names the line, the import and what would be allowed', () => {
  expect(said('electron/guard/guard.ts', "\n\nimport { rank } from '../correlation/rank.ts';")).toEqual([
    'electron/guard/guard.ts:3 imports electron/correlation/rank.ts: electron/guard/** may import ' +
      'electron/guard/**, electron/platform/**, shared/**, electron/{ledger,store}/**',
  ]);
});

test('a file that cannot be parsed is not passed over', () => {
  expect(() => said('electron/guard/guard.ts', 'import { from')).toThrow(
    'electron/guard/guard.ts cannot be parsed',
  );
});
