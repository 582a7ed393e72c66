import type { CaseFile, Ranked, Ranking } from '../../shared/formats/case.ts';
import type { Candidate } from './candidate.ts';
import { explain } from './rank-explained.ts';

/** Ranks the candidates of a case: the contract of `rank <case.json>`. */
export function rank(input: CaseFile): Ranking {
  const { onsetMs, changes, services, novelty } = explain(input);
  return {
    onset: onsetMs === null ? null : new Date(onsetMs).toISOString(),
    changes: changes.map(short),
    services: services.map(short),
    novelty,
  };
}

const short = ({ id, score, reasons }: Candidate): Ranked => ({ id, score, reasons });
