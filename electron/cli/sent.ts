import type { Command } from 'commander';
import type { SentRequest } from '../../shared/vocabulary/sent.ts';
import { storedSent, storedSentText } from '../host/stored-sent.ts';
import { json, out } from './output.ts';

/** `sent`: what left this machine for a model, request by request. */
export function sentCommand(program: Command, dataDir: () => string): void {
  program
    .command('sent')
    .description('what left this machine for a model, per incident')
    .requiredOption('--incident <id>', 'of this incident')
    .option('--text <id>', 'the exact text of one request')
    .option('--json', 'one JSON document on standard output')
    .action(({ incident, text, json: asJson }: { incident: string; text?: string; json?: boolean }) => {
      if (text !== undefined) {
        const exact = storedSentText(dataDir(), incident, text);
        if (asJson) json({ id: text, text: exact });
        else out(exact);
        return;
      }
      const sent = storedSent(dataDir(), incident);
      if (asJson) json(sent);
      else if (sent.length === 0) out('Nothing left this machine for this incident.');
      else for (const request of sent) out(line(request));
    });
}

function line({ id, atMs, model, baseUrl, bytes, masked, digest }: SentRequest): string {
  const hidden = Object.entries(masked).map(([kind, count]) => `${count} ${kind}`);
  const told = hidden.length === 0 ? 'nothing masked' : `masked: ${hidden.join(', ')}`;
  return `${new Date(atMs).toISOString()}  ${id}  ${bytes} bytes to ${model} at ${baseUrl}  ${told}  SHA-256 ${digest}`;
}
