import fc from 'fast-check';
import { expect, it } from 'vitest';
import { detailParts } from '../../../../renderer/timeline/samples-in.ts';
import { Event } from '../../../../shared/vocabulary/event.ts';

const told = (detail: string, sort: 'metric' | 'log' = 'metric') =>
  Event.parse({
    incident: 'inc-1',
    key: 'prom:1:metric:0',
    kind: 'signal',
    sort,
    severity: 'warning',
    atMs: 0,
    service: 'checkout',
    title: 'SlowRequests is 1739',
    detail,
    source: 'Prometheus',
  });

it('takes the samples of a measurement apart from the words before and after them', () => {
  const series = 'p99{service="checkout"}';
  const detail = `${series}\n2026-11-22T22:40:15.000Z 1739.4829387\n2026-11-22T22:40:30.000Z 0.0000012e-7\nAlso told by Two`;
  expect(detailParts(told(detail))).toEqual([
    { text: series },
    {
      samples: [
        { atMs: Date.UTC(2026, 10, 22, 22, 40, 15), value: 1739.4829387 },
        { atMs: Date.UTC(2026, 10, 22, 22, 40, 30), value: 0.0000012e-7 },
      ],
    },
    { text: 'Also told by Two' },
  ]);
});

it.each([
  '2026-11-22T22:40:15.000Z 17 bytes',
  ' 2026-11-22T22:40:15.000Z 17',
  '2026-11-22T22:40:15.000Z',
  '2026-13-22T22:40:15.000Z 17',
  'approve 2026-11-22T22:40:15.000Z 17',
])('leaves a line alone that is no sample: %s', (line) => {
  expect(detailParts(told(line))).toEqual([{ text: line }]);
});

it('leaves a log line alone, whatever it looks like', () => {
  const line = '2026-11-22T22:40:15.000Z 17';
  expect(detailParts(told(line, 'log'))).toEqual([{ text: line }]);
});

it('loses nothing of any text', () => {
  const lines = fc.array(fc.oneof(fc.string(), fc.constant('2026-11-22T22:40:15.000Z 17')));
  fc.assert(
    fc.property(lines, (some) => {
      const detail = some.join('\n').slice(0, 4_000);
      const back = detailParts(told(detail)).flatMap((part) =>
        'text' in part
          ? [part.text]
          : part.samples.map(({ atMs, value }) => `${new Date(atMs).toISOString()} ${value}`),
      );
      expect(back.join('\n')).toBe(detail);
    }),
  );
});
