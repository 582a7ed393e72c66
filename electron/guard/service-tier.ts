import type { Envelope } from '../../shared/formats/envelope.ts';
import { fitsAny } from './pattern.ts';
import type { Request } from './rule.ts';

/**
 * How important the service is, 1 the most. INVARIANT: whoever can write labels can lower nothing: of what the label says
 * and what the envelope says about the name, the more important holds, and what nobody states is the default.
 */
export function serviceTierOf(
  { serviceTiers }: Envelope,
  { serviceTier, service }: Pick<Request, 'serviceTier' | 'service'>,
): number {
  const named = serviceTiers.names.find(({ name }) => fitsAny([name], service))?.tier;
  const stated = [serviceTier, named].filter((tier) => typeof tier === 'number');
  return stated.length === 0 ? serviceTiers.default : Math.min(...stated);
}
