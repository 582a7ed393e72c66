import { anomalyOf } from './anomalies.ts';
import type { Candidate, Factor } from './candidate.ts';
import type { CaseSigns } from './case-signs.ts';
import type { JudgedChange } from './changes.ts';
import { fitted } from './fitted-weights.ts';
import { sumOf } from './median.ts';
import { excessSentence } from './own-excess-words.ts';
import { serviceLogOdds } from './service-odds.ts';
import { certainty } from './service-signs.ts';
import { weights } from './weights.ts';

export type Posterior = { changes: Candidate[]; services: Candidate[]; novelty: number };

/**
 * Exactly one of all candidates is the cause: each change, and for each service that trouble started there by itself. The
 * odds of each are e to its log-odds (before anything is looked at, all changes are alike, and so are all services); a
 * service's score is the part that its changes and itself have in the sum of all. Novelty is what falls to no change, at
 * the odds that incidents have of it (`weights.novelty`), and the changes share the rest in proportion.
 */
export function posterior(
  judged: readonly JudgedChange[],
  services: readonly string[],
  { services: cases, evidence }: CaseSigns,
): Posterior {
  const evenService = fitted.noChange - Math.log(Math.max(1, services.length));
  const evenChange = -Math.log(Math.max(1, judged.length));
  const byItself = new Map(
    services.map((id) => {
      const { own, place } = serviceLogOdds(cases.get(id), fitted.byItself);
      return [id, own + place + evenService];
    }),
  );
  const most = Math.max(...judged.map(({ logOdds }) => logOdds + evenChange), ...byItself.values());
  const oddsOf = (logOdds: number): number => Math.exp(logOdds - most);
  const oddsOfChange = ({ logOdds }: JudgedChange): number => oddsOf(logOdds + evenChange);
  const noChange = sumOf([...byItself.values()].map(oddsOf));
  const anyChange = sumOf(judged.map(oddsOfChange));
  const total = anyChange + noChange;
  const none = noChange * Math.exp(weights.novelty.logOdds);
  const scoreOf = (odds: number): number => rounded(odds / total);

  const changes = judged
    .map((one) => ({ ...one, share: scoreOf(oddsOfChange(one)) }))
    .sort((a, b) => b.share - a.share || byContent(a, b))
    .map(({ change, share, factors, reasons }) => {
      const score = rounded(share * (total / (anyChange + none)));
      return { id: change.id, score, factors, reasons };
    });
  const changesAt = Map.groupBy(judged, ({ change }) => change.service);
  const ranked = services
    .map((id) => {
      const changed = sumOf((changesAt.get(id) ?? []).map(oddsOfChange));
      const score = scoreOf(changed + oddsOf(byItself.get(id) ?? Number.NEGATIVE_INFINITY));
      return serviceCandidate(id, score);
    })
    .sort((a, b) => b.score - a.score || compare(a.id, b.id));
  return { changes, services: ranked, novelty: judged.length === 0 ? 1 : rounded(none / (anyChange + none)) };

  function serviceCandidate(id: string, score: number): Candidate {
    const found = cases.get(id);
    const seen = evidence.get(id);
    if (!found?.isMeasured || !seen)
      return { id, score, factors: [], reasons: [`Nothing is measured of ${id}`] };
    const { deviation, ownExcess, explained, symptoms, contrast } = seen;
    const factors: Factor[] = [
      {
        name: 'deviation',
        value: deviation,
        sentence: deviation < 0.1 ? 'It shows nothing unusual' : `It is ${percent(deviation)} out of order`,
      },
      {
        name: 'own excess',
        value: ownExcess,
        sentence:
          explained.by === null
            ? 'No service that it calls explains it'
            : `${explained.by}, which it calls, explains up to ${percent(explained.share)} of it`,
      },
    ];
    const own = found.excesses.filter((one) => certainty(one) > 0).slice(0, 2);
    const reasons = own.map((one) => excessSentence(id, one));
    if (contrast) reasons.unshift(`Only its ${contrast.label} ${contrast.value} is bad`);
    const worst = [...symptoms.values()].sort((a, b) => b.severity - a.severity).slice(0, 2);
    reasons.push(...worst.map((finding) => anomalyOf(finding).sentence));
    if (reasons.length === 0) reasons.push('It shows nothing unusual');
    return { id, score, factors, reasons };
  }
}

/** Of equals the newer first; the rest only makes the order certain. */
const byContent = ({ change: a }: JudgedChange, { change: b }: JudgedChange): number =>
  Date.parse(b.at) - Date.parse(a.at) || compare(a.id, b.id) || compare(JSON.stringify(a), JSON.stringify(b));

/** Fine enough for every difference that means something, coarse enough to hide the last bits of floating point. */
const rounded = (probability: number): number => Math.round(Math.min(1, probability) * 1e9) / 1e9;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
