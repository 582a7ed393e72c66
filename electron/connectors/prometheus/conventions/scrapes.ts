import type { Convention } from './convention.ts';

/** Every scrape target has `up`. A job may scrape the pods of many services, so a pod is told by its name. */
export const scrapes: readonly Convention[] = [
  {
    metrics: ['up'],
    service: 'pod',
    ofPods: 'mean',
    name: 'availability',
    kind: 'availability',
    unit: 'ratio',
    query: 'avg by (pod) (up{pod!=""})',
  },
  {
    metrics: ['up'],
    service: 'job',
    name: 'availability',
    kind: 'availability',
    unit: 'ratio',
    query: 'avg by (job) (up{pod=""})',
  },
];
