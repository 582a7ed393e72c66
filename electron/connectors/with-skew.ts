import { skewSentence } from '../platform/clock-skew.ts';
import type { Connector } from './source.ts';

/** A connector that tells of a clock that differs: on its status, and when it is tested. */
export function withSkew(connector: Connector, system: string, skewMs: () => number | null): Connector {
  return {
    ...connector,
    health: () => ({ skewMs: skewMs(), sentence: skewSentence(system, skewMs()) }),
    async test(signal) {
      const found = await connector.test(signal);
      const skew = skewSentence(system, skewMs());
      return skew === null ? found : { ...found, sentence: `${found.sentence} ${skew}` };
    },
  };
}
