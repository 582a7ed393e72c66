import type { CloudAccess, CloudWatchApi } from './api.ts';

/** The SDK takes a while to load, which only who connects a CloudWatch is to pay for, and not each start. */
export function lazyApi(region: string, access: CloudAccess): CloudWatchApi {
  let loaded: CloudWatchApi | undefined;
  let loading: Promise<CloudWatchApi> | undefined;
  const api = (): Promise<CloudWatchApi> => {
    loading ??= import('./api.ts').then(({ cloudWatchApi }) => {
      loaded = cloudWatchApi(region, access);
      return loaded;
    });
    return loading;
  };
  return {
    region,
    skewMs: () => loaded?.skewMs() ?? null,
    alarms: async (...asked) => (await api()).alarms(...asked),
    history: async (...asked) => (await api()).history(...asked),
    metricData: async (...asked) => (await api()).metricData(...asked),
    hasBand: async (...asked) => (await api()).hasBand(...asked),
  };
}
