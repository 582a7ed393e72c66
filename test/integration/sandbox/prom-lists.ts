import { type Asked, by, empty, instant, range, request } from './prom-ask.ts';
import { lastScrape, t0 } from './prom-same-samples.ts';

const whole = { start: String(t0), end: String(lastScrape) };

/** Series, labels and the ways to ask. */
export const listed: readonly Asked[] = [
  request('series', { 'match[]': 'queue_depth' }),
  request('series', { 'match[]': '{job="api",__name__!~"took.*"}', ...whole }),
  request('series', [
    ['match[]', 'queue_limit'],
    ['match[]', 'build_info{team!=""}'],
  ]),
  empty(request('series', { 'match[]': 'queue_limit', start: '1', end: '2' })),
  empty(request('series', { 'match[]': 'queue_limit', start: '10', end: '0' })),
  request('labels'),
  request('labels', { 'match[]': 'build_info', ...whole }),
  empty(request('labels', { start: '1', end: '2' })),
  request('label/job/values'),
  request('label/__name__/values'),
  request('label/version/values', { 'match[]': 'build_info{team="blue"}' }),
  empty(request('label/nothing/values')),
  empty(request('alerts')),
  empty(request('rules')),
  empty(request('rules', { type: 'record' })),
  by('POST', instant('sum by (job) (queue_depth)')),
  by('POST', range('sum by (job) (queue_depth)')),
  by('POST', request('series', { 'match[]': 'queue_depth' })),
  by('POST', request('labels')),
  by('POST', request('alerts')),
  by('POST', request('label/job/values')),
  by('PUT', request('query')),
  by('OPTIONS', request('query')),
  request('nowhere'),
  request('query_range', { query: 'queue_depth', start: '0', end: '11000', step: '1' }),
].map((asked, index, all) => (index === all.length - 1 ? empty(asked) : asked));
