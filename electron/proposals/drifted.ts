import type { Progress } from '../../shared/vocabulary/proposal.ts';

const words = 'Changed since proposed: ';

/** Why an offer is void whose target is no longer what it was made for. */
export const driftedBecause = (because: string): string => `${words}${because}`;

/** Whether that is how a proposal ended: what it was about may still need doing, on what is there now. */
export const hasDrifted = (progress: Progress): boolean =>
  progress.state === 'voided' && progress.because.startsWith(words);
