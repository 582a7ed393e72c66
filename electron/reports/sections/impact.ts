import { markdownText as text } from '../../../shared/formats/markdown-text.ts';
import { milestonesOf } from '../milestones.ts';
import type { ReportFacts } from '../report-facts.ts';
import { blocks, bullets, lasted } from '../words.ts';

const MOST_TOLD = 12;

/** Which services showed trouble, how, and for how long. */
export function impact(facts: ReportFacts): string {
  const { onsetMs, improvedMs, closedMs } = milestonesOf(facts);
  const endMs = improvedMs ?? closedMs;
  const anomalies = facts.candidates?.anomalies ?? [];
  const services = new Set(anomalies.map(({ service }) => service));
  const strongest = anomalies.toSorted((a, b) => b.strength - a.strength).slice(0, MOST_TOLD);
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
    bullets(strongest.map(({ service, sentence }) => `**${text(service)}**: ${text(sentence)}`)),
    anomalies.length > strongest.length
      ? `${anomalies.length - strongest.length} weaker signals are in the JSON export.`
      : '',
  );
}
