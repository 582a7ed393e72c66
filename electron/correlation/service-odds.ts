import { channels } from './excess.ts';
import { type ServiceCase, type ServiceSign, serviceSigns } from './service-signs.ts';

/** The log-odds of a service in two parts: what it shows by itself, and where it stands among the others. */
export type ServiceLogOdds = { own: number; place: number };

const ownSigns: ReadonlySet<ServiceSign> = new Set<ServiceSign>([
  ...channels.flatMap((channel) => [`${channel} strength`, `${channel} size`] as const),
  'own share',
  'most of all',
  'unexplained',
]);

export function serviceLogOdds(
  service: ServiceCase | undefined,
  weightOf: Readonly<Record<ServiceSign, number>>,
): ServiceLogOdds {
  let own = 0;
  let place = 0;
  for (const sign of serviceSigns) {
    const one = (service?.signs[sign] ?? 0) * weightOf[sign];
    if (ownSigns.has(sign)) own += one;
    else place += one;
  }
  return { own, place };
}
