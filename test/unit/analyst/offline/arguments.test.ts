import { expect, it } from 'vitest';
import type { ArgumentOf } from '../../../../electron/analyst/offline/arguments/argument.ts';
import { calleeWentBad } from '../../../../electron/analyst/offline/arguments/callee-went-bad.ts';
import { cameAfterTheAlarm } from '../../../../electron/analyst/offline/arguments/came-after-the-alarm.ts';
import { leavesOthersUnexplained } from '../../../../electron/analyst/offline/arguments/leaves-others-unexplained.ts';
import { memoryWasFull } from '../../../../electron/analyst/offline/arguments/memory-was-full.ts';
import { routineOfANode } from '../../../../electron/analyst/offline/arguments/routine-of-a-node.ts';
import { servedWell } from '../../../../electron/analyst/offline/arguments/served-well.ts';
import { sharedResource } from '../../../../electron/analyst/offline/arguments/shared-resource.ts';
import {
  doneByAScaler,
  sizeOfChange,
} from '../../../../electron/analyst/offline/arguments/size-of-change.ts';
import { timedByItsSamples } from '../../../../electron/analyst/offline/arguments/timed-by-its-samples.ts';
import { versionsCompared } from '../../../../electron/analyst/offline/arguments/versions-compared.ts';
import { undoWish } from '../../../../electron/analyst/offline/undo-wish.ts';
import { at, changeOf, factor, many, readingOf, seriesOf } from '../../../fixtures/reading-of.ts';

type Reading = Parameters<typeof readingOf>[0];
const change = changeOf();
/** Fails from 02:57:30 on. */
const failing = seriesOf('error_rate', [...many(30, 0.001), 0.1, 0.2, 0.3, ...many(7, 0.3)]);
/** Slower by the minute. */
const slow = seriesOf(
  'latency_p99',
  many(40, 0).map((_none, at) => 0.1 + at / 100),
  { before: 0.1 },
);
const versions = { cart: ['2.0', '1.9'] as [string, string] };
const blamed = changeOf({ factors: [factor('cohort', 0.9)] });
const cleared = changeOf({
  id: 'config:shop/cart-config.1',
  kind: 'config',
  factors: [factor('cohort', 0.25)],
});
const old = (values: (number | null)[]) => seriesOf('error_rate', values, { version: '1.9' });
const fresh = (values: (number | null)[]) => seriesOf('error_rate', values, { version: '2.0', before: null });
const replaced = [
  failing,
  old([...many(24, 0.001), ...many(16, null)]),
  fresh([...many(20, null), ...many(10, 0.001), 0.1, 0.2, ...many(8, 0.3)]),
];
const besideIt = [
  failing,
  old([...many(30, 0.001), 0.1, 0.2, 0.3, ...many(7, null)]),
  fresh([...many(20, null), ...many(10, 0.001), 0.1, 0.2, ...many(8, 0.3)]),
];
const fair = [failing, old([...many(40, 0.001)]), fresh([...many(28, null), 0.2, ...many(11, 0.3)])];
const diff = (before: string | null, after: string | null) => [{ path: 'pool.size', before, after }];
const config = changeOf({ id: 'config:1', kind: 'config', factors: [factor('delay', 0.5)] });
const scale = changeOf({ id: 'scale:1', kind: 'scale' });
const backup = changeOf({
  id: 'infrastructure:1',
  kind: 'infrastructure',
  service: 'shop-db',
  factors: [factor('own excess', 0.98)],
});
/** The ranking thinks that it came too late, by its own slow load. */
const slowly = { ...backup, at: at(57), factors: [factor('own excess', 0.98), factor('delay', 0.02)] };
const anomalyOf = (service: string) => ({
  service,
  metric: 'latency_p99',
  kind: 'latency' as const,
  version: null,
  onset: at(58),
  strength: 40,
  baseline: 0.2,
  observed: 2,
  sentence: `latency_p99 of ${service} rose from 0.2 to 2`,
});
const alert = { key: 'alert:1', at: at(55), service: 'cart', title: 'cart fails' };

it.each<[string, ArgumentOf, typeof change, Reading, [number, number]]>([
  ['alarm that was true before', cameAfterTheAlarm, change, { alerts: [alert] }, [0, 0.2]],
  [
    'alarm of a caller that was true before, less so',
    cameAfterTheAlarm,
    change,
    { alerts: [{ ...alert, service: 'web' }], neighbours: { cart: [{ service: 'web', side: 'caller' }] } },
    [0.3, 0.5],
  ],
  [
    'jump of its samples before it came',
    timedByItsSamples,
    changeOf({ at: at(58), factors: [factor('delay', 0.8)] }),
    { metrics: { cart: [failing] } },
    [0, 0.1],
  ],
  [
    'jump long after what takes effect at once',
    timedByItsSamples,
    changeOf({ kind: 'flag', at: at(48), factors: [factor('delay', 0.7)] }),
    { metrics: { cart: [failing] } },
    [0.1, 0.5],
  ],
  [
    'jump right after what the ranking dated otherwise, for it',
    timedByItsSamples,
    changeOf({ at: at(57), factors: [factor('delay', 0.05)] }),
    { metrics: { cart: [failing] } },
    [10, 40],
  ],
  [
    'comparison with a version that had gone',
    versionsCompared,
    blamed,
    { changes: [blamed], versions, metrics: { cart: replaced } },
    [0.05, 0.2],
  ],
  [
    'what such a comparison cleared, for it',
    versionsCompared,
    cleared,
    { changes: [blamed, cleared], versions, metrics: { cart: replaced } },
    [2, 4],
  ],
  [
    'version before that went bad beside it',
    versionsCompared,
    blamed,
    { changes: [blamed], versions, metrics: { cart: besideIt } },
    [0, 0.1],
  ],
  [
    'version that went bad alone, for it',
    versionsCompared,
    change,
    { changes: [change], versions, metrics: { cart: fair } },
    [5, 7],
  ],
  [
    'minutes of good service',
    servedWell,
    change,
    { versions, metrics: { cart: [failing, fresh([...many(30, 0.001), ...many(10, 0.3)])] } },
    [0.3, 0.4],
  ],
  [
    'memory that was full before',
    memoryWasFull,
    config,
    { metrics: { cart: [seriesOf('memory_saturation', [0.95], { before: 0.95 })] } },
    [0, 0.2],
  ],
  [
    'memory that an old release filled, for it',
    memoryWasFull,
    changeOf({ at: at(-240) }),
    { metrics: { cart: [seriesOf('memory_saturation', [0.95], { before: 0.95 })] } },
    [5, 10],
  ],
  [
    'setting of which next to nothing is left, for it',
    sizeOfChange,
    config,
    { facts: { 'config:1': { diff: diff('40', '1') } } },
    [3, 5],
  ],
  [
    'replicas that were added',
    sizeOfChange,
    scale,
    { facts: { 'scale:1': { diff: diff('3', '4'), kind: 'scale' } } },
    [0.1, 0.4],
  ],
  [
    'scaler that follows what it measures',
    doneByAScaler,
    scale,
    { facts: { 'scale:1': { actor: 'horizontal-pod-autoscaler' } } },
    [0.3, 0.5],
  ],
  [
    'resource whose callers nobody sees, for it',
    sharedResource,
    backup,
    { changes: [backup], unplaced: ['shop-db'] },
    [4, 6],
  ],
  [
    'resource after which several went bad together, much more for it',
    sharedResource,
    slowly,
    { changes: [slowly], unplaced: ['shop-db'], metrics: { cart: [failing], orders: [failing] } },
    [1_000, 1_600],
  ],
  [
    'resource after which several went bad as the ranking dates it, much more for it',
    sharedResource,
    slowly,
    { changes: [slowly], unplaced: ['shop-db'], anomalies: [anomalyOf('cart'), anomalyOf('orders')] },
    [1_000, 1_600],
  ],
  [
    'resource after which one went bad as any resource',
    sharedResource,
    slowly,
    { changes: [slowly], unplaced: ['shop-db'], metrics: { cart: [failing] } },
    [4, 6],
  ],
  [
    'resource that came after several had gone bad as any resource',
    sharedResource,
    { ...slowly, at: at(58) },
    { changes: [slowly], unplaced: ['shop-db'], metrics: { cart: [failing], orders: [failing] } },
    [4, 6],
  ],
  [
    'service beside which another went bad that does not depend on it, much less',
    leavesOthersUnexplained,
    change,
    { metrics: { cart: [slow], pay: [failing] }, neighbours: { cart: [{ service: 'web', side: 'caller' }] } },
    [0.1, 0.3],
  ],
  [
    'service whose callee failed first and calls nobody, less',
    calleeWentBad,
    change,
    {
      metrics: { cart: [failing], bank: [failing] },
      neighbours: {
        cart: [{ service: 'bank', side: 'callee' }],
        bank: [{ service: 'cart', side: 'caller' }],
      },
    },
    [0.3, 0.5],
  ],
  [
    'node that joins',
    routineOfANode,
    { ...backup, title: 'Node n1 status is now: NodeReady' },
    { changes: [{ ...backup, title: 'Node n1 status is now: NodeReady' }] },
    [0.1, 0.2],
  ],
])('weighs a %s, and quotes it', (_what, argue, one, reading, [least, most]) => {
  const read = readingOf(reading);
  const argument = argue(one, read);
  expect(argument?.times).toBeGreaterThanOrEqual(least);
  expect(argument?.times).toBeLessThanOrEqual(most);
  expect(argument?.evidence.quotes).toHaveLength(1);
  expect(argument?.evidence.events).toContain(one.id);
});

it.each<[string, ArgumentOf, typeof change, Reading]>([
  ['an alarm that came later', cameAfterTheAlarm, change, { alerts: [{ ...alert, at: at(57) }] }],
  [
    'an alarm of a service that it cannot reach',
    cameAfterTheAlarm,
    change,
    { alerts: [{ ...alert, service: 'mail' }] },
  ],
  [
    'a rise that took long',
    timedByItsSamples,
    config,
    {
      metrics: {
        cart: [
          seriesOf(
            'error_rate',
            many(40, 0).map((_zero, index) => 0.001 + index / 200),
          ),
        ],
      },
    },
  ],
  [
    'samples that agree with the ranking',
    timedByItsSamples,
    changeOf({ factors: [factor('delay', 0.8)] }),
    { metrics: { cart: [failing] } },
  ],
  [
    'a fair comparison of versions',
    versionsCompared,
    blamed,
    { changes: [blamed], versions, metrics: { cart: fair } },
  ],
  ['a release that broke at once', servedWell, change, { versions, metrics: { cart: fair } }],
  [
    'memory that had room',
    memoryWasFull,
    config,
    { metrics: { cart: [seriesOf('memory_saturation', [0.99], { before: 0.5 })] } },
  ],
  [
    'a setting that is no number',
    sizeOfChange,
    config,
    { facts: { 'config:1': { diff: diff('json', 'v2') } } },
  ],
  [
    'a resource whose callers are seen',
    sharedResource,
    backup,
    { changes: [backup], neighbours: { 'shop-db': [{ service: 'cart', side: 'caller' }] } },
  ],
  [
    'a resource that is in order',
    sharedResource,
    { ...backup, factors: [factor('own excess', 0.5)] },
    { changes: [backup], unplaced: ['shop-db'] },
  ],
  [
    'a caller that went bad',
    leavesOthersUnexplained,
    change,
    { metrics: { cart: [slow], web: [failing] }, neighbours: { cart: [{ service: 'web', side: 'caller' }] } },
  ],
  [
    'a callee that calls others',
    calleeWentBad,
    change,
    {
      metrics: { cart: [failing], bank: [failing] },
      neighbours: {
        cart: [{ service: 'bank', side: 'callee' }],
        bank: [{ service: 'vault', side: 'callee' }],
      },
    },
  ],
  [
    'a callee to which something was done as well',
    calleeWentBad,
    change,
    {
      changes: [change, changeOf({ id: 'config:bank', kind: 'config', service: 'bank' })],
      metrics: { cart: [failing], bank: [failing] },
      neighbours: {
        cart: [{ service: 'bank', side: 'callee' }],
        bank: [{ service: 'cart', side: 'caller' }],
      },
    },
  ],
  [
    'others that went bad when it did as well',
    leavesOthersUnexplained,
    change,
    { metrics: { cart: [failing], pay: [failing] }, neighbours: { cart: [] } },
  ],
])('makes nothing of %s', (_what, argue, one, reading) => {
  expect(argue(one, readingOf(reading))).toBeNull();
});

it('suggests to undo nothing of a service while something may be what it and others feel', () => {
  const hurt = { cart: [failing], orders: [failing] };
  const read = readingOf({ changes: [change, slowly], unplaced: ['shop-db'], metrics: hurt, versions });
  const first = {
    claim: 'cart 2.0 is the cause',
    cause: change.id,
    mechanism: 'it broke cart',
    confidence: 0.8,
    for: [],
    against: [],
    gaps: [],
    disprovedBy: 'a look',
  };
  expect(undoWish(first, read)).toEqual({
    because: expect.stringContaining('may be what cart and others feel'),
  });
  const alone = readingOf({ changes: [change, slowly], unplaced: ['shop-db'], metrics: { cart: [failing] } });
  expect(undoWish(first, alone)).not.toEqual({ because: expect.stringContaining('others feel') });
});
