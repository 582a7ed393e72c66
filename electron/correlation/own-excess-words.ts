import type { Excess } from './excess.ts';

/** What a service shows by itself, as a person would say it. */
export function excessSentence(service: string, { channel, metric, size }: Excess): string {
  switch (channel) {
    case 'latency':
      return `${metric} of ${service} is ${times(size)} what its load and the services it calls explain`;
    case 'errors':
      return `${metric} of ${service} is ${percent(size)} of requests above what the services it calls explain`;
    case 'work':
      return `${metric} of ${service} is ${times(size)} what its traffic explains`;
    case 'memory':
      return `${metric} of ${service} has grown to ${times(size)} its normal`;
    case 'calls':
      return `${service} makes ${times(size)} as many calls as its own traffic explains`;
    case 'demand':
      return `${service} gets ${times(size)} its usual traffic`;
  }
}

const times = (log: number): string => `${Number(Math.exp(log).toPrecision(2))} times`;
const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
