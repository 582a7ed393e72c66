import type { CaseChange } from '../../shared/formats/case.ts';
import { measureInWords } from '../../shared/formats/measure.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { Factor } from './candidate.ts';
import type { CaseSigns } from './case-signs.ts';
import { type ChangeCase, type ChangeSign, changeSigns } from './change-signs.ts';
import type { BadPart, Part } from './cohort.ts';
import { fitted } from './fitted-weights.ts';
import { excessSentence } from './own-excess-words.ts';
import { type Reversal, reversalLogOdds } from './reversal.ts';
import { serviceLogOdds } from './service-odds.ts';
import { certainty, type ServiceCase, type Signs } from './service-signs.ts';
import { nodeLogOdds } from './shared-node.ts';
import { weights } from './weights.ts';

/** A change with the log-odds that it is the cause, up to a constant of the case, and the arithmetic of that. */
export type JudgedChange = { change: CaseChange; logOdds: number; factors: Factor[]; reasons: string[] };

/** A named part of the log-odds: 0 is neutral. Those of one change add up. */
type Addend = { name: string; logOdds: number; sentence: string };

export function judgeChange(one: ChangeCase, { services, reading }: CaseSigns): JudgedChange {
  const { change } = one;
  const service = services.get(change.service);
  const { own, place } = serviceLogOdds(service, fitted.changed);
  const addends = [
    cohort(change, reading.parts.get(change.service) ?? []),
    { name: 'own excess', logOdds: own, sentence: ownSentence(change.service, service) },
    { name: 'place', logOdds: place, sentence: placeSentence(change.service, service) },
    delay(one),
    machine(one),
    dose(one),
    reversal(one),
    likeness(one),
    prior(one),
  ];
  const factors = addends.map(({ name, logOdds, sentence }) => ({
    name,
    value: probability(logOdds),
    sentence,
  }));
  const telling = factors.filter(isTelling);
  const usual = factors.filter(({ name }) => USUAL.has(name));
  return {
    change,
    logOdds: addends.reduce((sum, { logOdds }) => sum + logOdds, 0),
    factors,
    reasons: (telling.length > 0 ? telling : usual).map(({ sentence }) => sentence),
  };
}

/** What is said of a change when nothing speaks for it or against it. */
const USUAL: ReadonlySet<string> = new Set(['own excess', 'place', 'delay']);

const probability = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

const isTelling = ({ name, value }: Factor): boolean =>
  name !== 'prior' && (value >= weights.change.speaksFor || value < weights.change.speaksAgainst);

const delaySigns: ReadonlySet<ChangeSign> = new Set<ChangeSign>(['delay', 'at once', 'after', 'crowd']);

const weighed = (signs: Signs<ChangeSign>, of: (sign: ChangeSign) => boolean): number =>
  changeSigns.reduce((sum, sign) => sum + (of(sign) ? signs[sign] * fitted.change[sign] : 0), 0);

/** Whether only what the change brought is bad: the strongest evidence there is, in both directions. */
function cohort(change: CaseChange, parts: readonly Part[]): Addend {
  const { alone, cleared, elsewhere } = weights.cohort;
  const addend = (ratio: number, sentence: string): Addend => ({
    name: 'cohort',
    logOdds: Math.log(ratio),
    sentence,
  });
  const own = parts.filter(({ label, value }) => change.labels?.[label] === value);
  const worst = worstOf(parts);
  const mine = worstOf(own) ?? (worst && introduces(change, worst) ? worst : undefined);
  if (mine) {
    const { metric, unit, own: here, rest, severity } = mine.contrast;
    const part = `${mine.label} ${mine.value}`;
    return addend(
      1 + alone * severity,
      `Only ${part} is bad: ${metric} is ${measureInWords(here, unit)} there and ${measureInWords(rest, unit)} in the rest of ${change.service}`,
    );
  }
  const innocent = own.find(({ verdict }) => verdict === 'cleared');
  if (innocent)
    return addend(
      cleared,
      `${innocent.label} ${innocent.value} is no worse than the rest of ${change.service}`,
    );
  if (worst)
    return addend(elsewhere, `What is bad is ${worst.label} ${worst.value}, which this did not bring`);
  return addend(1, 'There is nothing to compare it with');
}

function worstOf(parts: readonly Part[]): BadPart | undefined {
  return parts
    .filter((part) => part.verdict === 'bad')
    .reduce<BadPart | undefined>(
      (worst, part) => (worst && worst.contrast.severity >= part.contrast.severity ? worst : part),
      undefined,
    );
}

/** An unlabelled deployment just before a version first answered requests is taken for the one that brought it. */
function introduces({ kind, at, labels }: CaseChange, { label, firstSeenMs }: Part): boolean {
  const leadMs = firstSeenMs - Date.parse(at);
  const { introducedMs, seenEarlyMs } = weights.cohort;
  return (
    kind === 'deploy' && labels?.[label] === undefined && leadMs >= -seenEarlyMs && leadMs <= introducedMs
  );
}

function ownSentence(id: string, service: ServiceCase | undefined): string {
  if (!service?.isMeasured) return `Nothing is measured of ${id}`;
  const [most] = service.excesses;
  return most && certainty(most) > 0
    ? excessSentence(id, most)
    : `${id} shows nothing that its load and the services it calls do not explain`;
}

function placeSentence(id: string, service: ServiceCase | undefined): string {
  const reach = service?.signs.reach ?? 0;
  if (reach < weights.change.noticeable)
    return `Hardly any of the trouble is at ${id} or at those who call it`;
  return `${Math.round(100 * reach)} % of the trouble is at ${id} and at those who call it`;
}

/** Before the trouble of its own service where that shows any, else before the incident's; after it is exculpatory. */
function delay({ change, signs, leadMs, onsetOf }: ChangeCase): Addend {
  const of = onsetWords(change.service, onsetOf);
  const sentence =
    Math.abs(leadMs) <= weights.lag.coincidesMs
      ? `It coincides with the onset of ${of}`
      : leadMs > 0
        ? `It came ${duration(leadMs)} before ${of}`
        : `It came ${duration(-leadMs)} after ${of} had begun`;
  const logOdds = weighed(signs, (sign) => delaySigns.has(sign));
  return { name: 'delay', logOdds, sentence };
}

function machine({ onNode }: ChangeCase): Addend {
  const name = 'machine';
  if (!onNode) return { name, logOdds: 0, sentence: 'It concerns no machine that is known' };
  const { node, services, ofTrouble } = onNode;
  const runs = services === 1 ? 'one service runs' : `${services} services run`;
  const sentence = `On ${node}, where ${runs}, is ${Math.round(100 * ofTrouble)} % of what services show by themselves`;
  return { name, logOdds: nodeLogOdds(onNode), sentence };
}

function dose({ dose: found }: ChangeCase): Addend {
  const name = 'dose';
  if (!found)
    return {
      name,
      logOdds: 0,
      sentence: 'Nothing tells whether the trouble came with its share of requests',
    };
  const { logOdds, shares } = found;
  const stages = shares.map((share) => `${Math.round(100 * share)} %`).join(', ');
  const sentence =
    logOdds > 0
      ? `The trouble followed its share of requests: ${stages}`
      : `The trouble did not wait for its share of requests: ${stages}`;
  return { name, logOdds, sentence };
}

function reversal({ reversal: found }: ChangeCase): Addend {
  const name = 'reversal';
  if (!found) return { name, logOdds: 0, sentence: 'It was not taken back' };
  return { name, logOdds: reversalLogOdds(found), sentence: reversalSentence(found) };
}

function reversalSentence(found: Reversal): string {
  const at = `${new Date(found.atMs).toISOString().slice(11, 16)} UTC`;
  switch (found.kind) {
    case 'before-the-trouble':
      return `It had been taken back at ${at}, before the trouble began`;
    case 'open':
      return `It was taken back at ${at}; what came of that cannot be told yet`;
    case 'tried':
      return found.left < 0.5
        ? `It was taken back at ${at}, and ${Math.round(100 * (1 - found.left))} % of the trouble went`
        : `It was taken back at ${at}, and ${Math.round(100 * found.left)} % of the trouble stayed`;
    default:
      return assertNever(found);
  }
}

function onsetWords(service: string, onsetOf: ChangeCase['onsetOf']): string {
  switch (onsetOf.of) {
    case 'incident':
      return 'the trouble';
    case 'service':
      return `the trouble of ${service}`;
    case 'drift':
      return `the steady growth of ${onsetOf.metric} of ${service}`;
    default:
      return assertNever(onsetOf);
  }
}

const kindSigns: ReadonlySet<ChangeSign> = new Set([
  'a config',
  'a flag',
  'a scaling',
  'an infrastructure change',
  'a traffic shift',
]);

function likeness({ change: { kind }, signs }: ChangeCase): Addend {
  const logOdds = weighed(signs, (sign) => !kindSigns.has(sign) && !delaySigns.has(sign));
  const shows = logOdds > 0.5 ? 'often shows' : logOdds < -0.5 ? 'seldom shows' : 'can show';
  return { name: 'likeness', logOdds, sentence: `A ${kind} change ${shows} like this` };
}

function prior({ change: { kind }, signs }: ChangeCase): Addend {
  const logOdds = weighed(signs, (sign) => kindSigns.has(sign));
  const often =
    logOdds > 0.3
      ? 'more often than a release'
      : logOdds < -0.3
        ? 'less often than a release'
        : 'as often as a release';
  return { name: 'prior', logOdds, sentence: `A ${kind} change causes incidents ${often}` };
}

function duration(ms: number): string {
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}
