import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolGateway } from '../../../electron/analyst/tool-gateway.ts';
import type { ReadContext } from '../../../electron/analyst/tools/read-tool.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { Failure, type FailureCode } from '../../../electron/platform/failure.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const incident = IncidentId.parse('inc-1');
const SENTENCE = 'The namespace kube-system is outside of what may be read.';

/** A gateway through which every rollout is read with this failure. */
function failingWith(code: FailureCode) {
  const { db } = openStore(join(newDataDir(), 'countersign.db'), migrations);
  const { clock } = steppedClock(() => {}, 1_000);
  const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds });
  const reading: Partial<ReadContext> = {
    locate: async () => {
      throw new Failure(code, SENTENCE);
    },
  };
  const never = () => {
    throw new Error('nothing is kept of a read that failed');
  };
  const gateway = toolGateway({
    incident,
    model: 'restless/1',
    ledger,
    clock,
    ids: randomIds,
    actions: [],
    reading: reading as ReadContext,
    keepRead: never,
    readText: () => undefined,
    keepHypotheses: never,
    secretsIn: async () => [],
    propose: never,
    openEscalation: never,
  });
  const read = () =>
    gateway.handle(
      { id: 'c1', name: 'read_rollout', input: { service: 'coredns' } },
      AbortSignal.timeout(5_000),
    );
  return { ledger, read };
}

it('tells the model that it may not read that, and puts on record that it tried', async () => {
  const { ledger, read } = failingWith('refused');
  const { result } = await read();
  expect(result).toMatchObject({ failed: true, text: JSON.stringify({ failed: SENTENCE }) });
  expect(ledger.entries({ kind: 'read' })).toMatchObject([
    { incident, actor: { kind: 'analyst' }, body: { tool: 'read_rollout', refused: SENTENCE } },
  ]);
});

it('puts on record as well what failed for another reason, and keeps nothing of it', async () => {
  const { ledger, read } = failingWith('unreachable');
  expect((await read()).result.failed).toBe(true);
  expect(ledger.entries({ kind: 'read' })).toMatchObject([
    { incident, body: { tool: 'read_rollout', asked: '{"service":"coredns"}', failed: SENTENCE } },
  ]);
});
