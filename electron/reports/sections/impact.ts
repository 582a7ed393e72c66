import { markdownText as text } from '../../../shared/formats/markdown-text.ts';
import { type Anomaly, isOfWhole } from '../../../shared/vocabulary/candidate.ts';
import { milestonesOf } from '../milestones.ts';
import type { ReportFacts } from '../report-facts.ts';
import { blocks, bullets, lasted } from '../words.ts';

const MOST_TOLD = 12;

/** Which services showed trouble, how, and for how long. */
export function impact(facts: ReportFacts): string {
  const { onsetMs, improvedMs, closedMs } = milestonesOf(facts);
  const endMs = improvedMs ?? closedMs;
  const anomalies = withoutPartsOfWhole(facts.candidates?.anomalies ?? []);
  const services = new Set(anomalies.map(({ service }) => service));
  const strongest = anomalies.toSorted((a, b) => b.strength - a.strength).slice(0, MOST_TOLD);
  const weaker = anomalies.length - strongest.length;
  if (anomalies.length === 0) return 'No metric of a connected service was found out of its normal.';
  return blocks(
    [
      `${services.size === 1 ? 'One service' : `${services.size} services`} left their normal.`,
      onsetMs !== null && endMs !== null && endMs > onsetMs
        ? `From onset to ${improvedMs === null ? 'the closing' : 'improvement'} it took ${lasted(endMs - onsetMs)}.`
        : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    bullets(strongest.map(({ sentence }) => text(sentence))),
    weaker === 0 ? '' : `${weaker} weaker ${weaker === 1 ? 'signal is' : 'signals are'} in the JSON export.`,
  );
}

/** Where a service is off as a whole, its parts being off too tell a reader nothing new. */
function withoutPartsOfWhole(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  const wholes = new Set(anomalies.filter(isOfWhole).map(nameOf));
  return anomalies.filter((one) => isOfWhole(one) || !wholes.has(nameOf(one)));
}

const nameOf = ({ service, metric }: Anomaly): string => JSON.stringify([service, metric]);
