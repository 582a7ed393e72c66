import type { Labels } from '../../../electron/sandbox/prometheus/labels.ts';
import { type SeriesStore, seriesStore } from '../../../electron/sandbox/prometheus/series-store.ts';

/** Where the samples begin, in seconds; a multiple of a quarter of an hour. */
export const t0 = 1_699_999_200;
/** After the first forty minutes nothing is scraped for seven, longer than a last sample counts. */
export const gapFrom = t0 + 2_400;
export const gapTo = gapFrom + 420;
export const lastScrape = gapTo + 600;
const everySeconds = 15;

type Signal = { labels: Labels; at(scrape: number): number | null };

/** Certain numbers that look like chance. */
const noise = (scrape: number, salt: number): number => (((scrape + 1) * 7_919 + salt * 104_729) % 997) / 997;

function counter(labels: Labels, perScrape: number, resetEvery = 0): Signal {
  const at = (scrape: number) =>
    Math.round(perScrape * (resetEvery === 0 ? scrape : scrape % resetEvery) * 4) / 4;
  return { labels, at };
}

function gauge(labels: Labels, at: Signal['at']): Signal {
  return { labels, at };
}

function histogram(labels: Labels, buckets: readonly (readonly [le: string, perScrape: number])[]): Signal[] {
  return buckets.map(([le, perScrape]) => counter({ ...labels, le }, perScrape));
}

const signals: readonly Signal[] = [
  ...['a', 'b', 'c'].flatMap((instance, index) =>
    ['200', '404', '500'].map((code, rank) =>
      counter(
        { __name__: 'http_requests_total', job: index === 2 ? 'web' : 'api', instance, code },
        (index + 1) * 10 * 0.37 ** rank,
        instance === 'b' ? 23 : 0,
      ),
    ),
  ),
  ...['a', 'b', 'c'].map((instance, index) =>
    gauge(
      { __name__: 'queue_depth', job: index === 2 ? 'web' : 'api', instance },
      (scrape) => Math.round((noise(scrape, index) * 40 - 11) * 100) / 100,
    ),
  ),
  gauge({ __name__: 'queue_limit', job: 'api' }, () => 20),
  gauge({ __name__: 'queue_limit', job: 'web' }, () => 12.5),
  gauge({ __name__: 'build_info', instance: 'a', version: '1.4.0', team: 'blue' }, () => 1),
  gauge({ __name__: 'build_info', instance: 'b', version: '1.4.0', team: 'green' }, () => 1),
  gauge({ __name__: 'build_info', instance: 'c', version: '1.5.0' }, () => 1),
  // Comes late, and comes and goes.
  gauge({ __name__: 'late', job: 'api' }, (scrape) => (scrape < 60 ? null : scrape)),
  gauge({ __name__: 'edges', sort: 'positive' }, (scrape) =>
    scrape % 4 === 0 ? Number.POSITIVE_INFINITY : scrape,
  ),
  gauge({ __name__: 'edges', sort: 'negative' }, (scrape) =>
    scrape % 5 === 0 ? Number.NEGATIVE_INFINITY : -scrape,
  ),
  gauge({ __name__: 'edges', sort: 'tiny' }, (scrape) => scrape * 1e-9),
  gauge({ __name__: 'edges', sort: 'huge' }, (scrape) => scrape * 1e21),
  gauge({ __name__: 'edges', sort: 'zero' }, () => 0),
  gauge({ __name__: 'phase' }, (scrape) => Math.floor(scrape / 7) % 3),
  gauge({ __name__: 'odd', path: '/a b"c\\d', Zone: 'eu-1', empty: '' }, (scrape) => scrape),
  ...histogram({ __name__: 'took_bucket', job: 'api' }, [
    ['0.1', 10],
    ['0.5', 60],
    ['1', 90],
    ['+Inf', 100],
  ]),
  ...histogram({ __name__: 'took_bucket', job: 'web' }, [
    ['0.1', 0],
    ['0.5', 3],
    ['1', 3],
    ['+Inf', 3.5],
  ]),
  ...histogram({ __name__: 'took_bucket', job: 'open' }, [
    ['1', 5],
    ['2', 6],
  ]),
  ...histogram({ __name__: 'took_bucket', job: 'idle' }, [
    ['1', 0],
    ['+Inf', 0],
  ]),
  ...histogram({ __name__: 'took_bucket', job: 'below' }, [
    ['-5', 4],
    ['0', 6],
    ['5', 5.5],
    ['+Inf', 8],
  ]),
  ...histogram({ __name__: 'took_bucket', job: 'single' }, [['+Inf', 8]]),
];

const scrapeTimes: readonly number[] = [
  ...Array.from({ length: (gapFrom - t0) / everySeconds + 1 }, (_, scrape) => t0 + scrape * everySeconds),
  ...Array.from(
    { length: (lastScrape - gapTo) / everySeconds + 1 },
    (_, scrape) => gapTo + scrape * everySeconds,
  ),
];

/** The samples in the store of the sandbox. */
export function inStore(): SeriesStore {
  const store = seriesStore();
  for (const [scrape, atSeconds] of scrapeTimes.entries()) {
    store.beginScrape(atSeconds * 1_000);
    for (const { labels, at } of signals) {
      const value = at(scrape);
      if (value !== null) store.set(store.series(withoutEmpty(labels)), value);
    }
  }
  return store;
}

/** The same samples as OpenMetrics text. */
export function asOpenMetrics(): string {
  const lines: string[] = [];
  let family = '';
  for (const { labels, at } of signals) {
    const { __name__: name = '', ...others } = labels;
    if (name !== family) lines.push(`# TYPE ${name} unknown`);
    family = name;
    const shown = Object.entries(others).map(([label, value]) => `${label}="${escaped(value)}"`);
    for (const [scrape, atSeconds] of scrapeTimes.entries()) {
      const value = at(scrape);
      if (value !== null) lines.push(`${name}{${shown.join(',')}} ${numberText(value)} ${atSeconds}`);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

/** To Prometheus a label without a value is none. */
const withoutEmpty = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));

const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

const numberText = (value: number): string => {
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
};
