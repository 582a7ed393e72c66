/** Who works here, and what they do on any day. */
export const people = [
  'a.novak',
  'b.okafor',
  'c.lindqvist',
  'd.moreau',
  'e.tanaka',
  'f.santos',
  'g.weber',
  'h.iyer',
] as const;

export const reasons = [
  'bump base image',
  'fix rounding of totals',
  'upgrade HTTP client',
  'add tracing attributes',
  'new serializer',
  'remove dead feature code',
  'switch to batched reads',
  'dependency updates',
  'smaller connection pool',
  'retry budget for callees',
] as const;

export const flags = [
  'new-serializer',
  'async-writes',
  'compact-response',
  'extra-validation',
  'prefetch',
  'v2-layout',
] as const;

/** Settings and the values people give them without anyone noticing. */
export const settings: readonly (readonly [string, readonly string[]])[] = [
  ['cache.ttl-seconds', ['240', '360', '600', '900']],
  ['http.client.timeout-ms', ['2000', '2500', '3000']],
  ['pool.max-connections', ['40', '60', '80']],
  ['queue.batch-size', ['50', '100', '200']],
];
