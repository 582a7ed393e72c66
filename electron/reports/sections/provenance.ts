import type { ReportFacts } from '../report-facts.ts';
import { blocks, code } from '../words.ts';

/** Where every generated sentence comes from, and how to check that. */
export const provenance = ({ incident, ledger, entries }: ReportFacts): string =>
  blocks(
    `Drawn from incident \`${incident.id}\`, ${entries.length} entries about it, and ledger \`${code(ledger.origin)}\` at size ${ledger.size}, root \`${ledger.rootHex}\`. Times are UTC. A number in brackets is the entry that a line stands on.`,
    ledger.checkpoint
      ? `\`\`\`text\n${ledger.checkpoint.trimEnd()}\n\`\`\``
      : 'The ledger is not signed yet.',
  );
