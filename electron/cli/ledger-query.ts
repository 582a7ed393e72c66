import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { type Found, queryStored, type StoredQuery, whyStored } from '../host/query-ledger.ts';
import { document, json, jsonText, out } from './output.ts';
import { realmOption } from './realm-option.ts';
import { wholeNumber } from './whole-number.ts';

type Options = Omit<StoredQuery, 'kinds' | 'fromMs' | 'toMs' | 'newestFirst'> & {
  kind?: string[];
  from?: number;
  to?: number;
  newest?: boolean;
  json?: boolean;
  csv?: boolean;
};

/** `ledger query`: entries by what they are about, who made them, when, and what they say. */
export function queryCommand(ledger: Command, dataDir: () => string): void {
  ledger
    .command('query')
    .description('entries by incident, kind, actor, time, target and text')
    .option('--incident <id>', 'of this incident')
    .option('--kind <kinds>', 'of these kinds, with commas between', (text) => text.split(','))
    .option('--actor <who>', 'a name; person, analyst, guard, host or connector; or kind:name')
    .option('--from <time>', 'at this time or later, as in 2026-03-01T10:00:00Z', time)
    .option('--to <time>', 'at this time or earlier', time)
    .option('--target <name>', 'about what an action aims at, as in shop/payments')
    .option('--text <words>', 'that hold all these words, "a phrase" or a begin*')
    .option('--newest', 'newest first')
    .option('--limit <n>', 'at most so many; 100 unless told otherwise', wholeNumber)
    .option('--after <seq>', 'where an earlier answer ended', wholeNumber)
    .addOption(realmOption())
    .addOption(
      new Option('--json', 'one JSON document on standard output: a list of entries').conflicts('csv'),
    )
    .option('--csv', 'as comma-separated values')
    .action(({ kind, from, to, newest, json: asJson, csv, ...rest }: Options) => {
      const found = queryStored(dataDir(), {
        ...rest,
        kinds: kind,
        fromMs: from,
        toMs: to,
        newestFirst: newest,
        as: asJson ? 'json' : csv ? 'csv' : 'text',
      });
      if (csv) process.stdout.write(found.text);
      else if (asJson) jsonText(found.text);
      else document(found.text);
      tellRest(found);
    });
}

/** `ledger why`: what led to an entry. */
export function whyCommand(ledger: Command, dataDir: () => string): void {
  ledger
    .command('why')
    .description('what led to an entry, step by step')
    .argument('<seq>', 'its number', wholeNumber)
    .addOption(realmOption())
    .option('--json', 'one JSON document on standard output')
    .action((seq: number, options: { realm?: Realm; json?: boolean }) => {
      const { step, lines } = whyStored(dataDir(), { realm: options.realm }, seq);
      if (options.json) json(step);
      else for (const line of lines) out(line);
    });
}

/** Beside the entries, not among them. */
function tellRest({ next, unsearched }: Found): void {
  if (next !== null) process.stderr.write(`There are more: add --after ${next}\n`);
  if (unsearched) {
    const { from, to } = unsearched;
    process.stderr.write(`Entries ${from} to ${to} are not indexed yet and were not searched.\n`);
  }
}

function time(text: string): number {
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return Date.parse(text);
  throw new InvalidArgumentError('a time as in 2026-03-01T10:00:00Z');
}
