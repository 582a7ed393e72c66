import { z } from 'zod';
import {
  CaseCall,
  CaseChange,
  type CaseFile,
  CaseMetric,
  CaseService,
  Instant,
} from '../../shared/formats/case.ts';
import { messageOf } from '../platform/failure.ts';
import { JsonFault, type JsonPieces } from './read-case-json.ts';

/** More of any of these is not an incident but a mistake. */
const most = { services: 100_000, calls: 1_000_000, metrics: 500_000, changes: 100_000, values: 150_000_000 };
type List = 'services' | 'calls' | 'metrics' | 'changes';

const Format = z.literal('countersign.case/1');
const Window = z
  .object({ from: Instant, to: Instant })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), {
    error: 'it ends before it begins',
    path: ['to'],
  });
const Head = CaseMetric.omit({ values: true });
/** Looked through one by one afterwards. */
const Values = z.object({
  values: z.custom<readonly unknown[]>(Array.isArray, { error: 'Invalid input: expected array' }),
});

/**
 * Takes the pieces of a case file as they are cut, checks each and keeps what is ranked: samples in typed arrays.
 * @throws JsonFault with the place of the first member that does not hold.
 */
export function caseParts() {
  const seen = new Set<string>();
  const changeIds = new Map<string, number>();
  const lists: { [L in List]: NonNullable<CaseFile[L]> } = {
    services: [],
    calls: [],
    metrics: [],
    changes: [],
  };
  let window: CaseFile['window'] | null = null;
  let values = 0;

  function once(key: string): void {
    if (seen.has(key)) throw new JsonFault('content', key, 'it stands twice');
    seen.add(key);
  }

  function addChange(change: CaseChange, index: number): void {
    const before = changeIds.get(change.id);
    if (before !== undefined)
      throw new JsonFault(
        'content',
        `changes[${index}].id`,
        `${JSON.stringify(change.id)} is the id of changes[${before}] too`,
      );
    changeIds.set(change.id, index);
    lists.changes.push(change);
  }

  function addMetric(document: unknown, place: string): void {
    const head = hold(Head, document, place);
    const samples = samplesOf(hold(Values, document, place).values, `${place}.values`);
    values += samples.length;
    if (values > most.values)
      throw new JsonFault('content', `${place}.values`, `more than ${most.values} values in all`);
    lists.metrics.push({ ...head, values: samples });
  }

  const pieces: JsonPieces = {
    inElements: new Set(Object.keys(lists)),
    onArray: once,
    onMember(key, text) {
      once(key);
      const document = parse(text, key);
      if (key === 'format') hold(Format, document, key);
      else if (key === 'window') window = hold(Window, document, key);
      else if (Object.hasOwn(lists, key)) hold(z.array(z.unknown()), document, key);
    },
    onElement(key, index, text) {
      const place = `${key}[${index}]`;
      const list = key as List;
      if (index >= most[list]) throw new JsonFault('content', place, `more than ${most[list]} ${list}`);
      const document = parse(text, place);
      switch (list) {
        case 'services':
          lists.services.push(hold(CaseService, document, place));
          break;
        case 'calls':
          lists.calls.push(hold(CaseCall, document, place));
          break;
        case 'metrics':
          addMetric(document, place);
          break;
        case 'changes':
          addChange(hold(CaseChange, document, place), index);
          break;
      }
    },
  };

  return {
    pieces,
    /** @throws JsonFault naming a member that is not there. */
    case(): CaseFile {
      for (const key of ['format', 'window', 'services', 'metrics', 'changes'])
        if (!seen.has(key))
          throw new JsonFault('content', key, `Invalid input: expected ${whatIs(key)}, it is not there`);
      if (window === null) throw new Error('a window that was seen was kept');
      const { calls, ...others } = lists;
      return { format: Format.value, window, ...others, ...(seen.has('calls') ? { calls } : {}) };
    },
  };
}

const whatIs = (key: string): string => {
  if (key === 'format') return JSON.stringify(Format.value);
  return key === 'window' ? 'object' : 'array';
};

function samplesOf(values: readonly unknown[], place: string): Float64Array {
  const samples = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === null) samples[index] = Number.NaN;
    else if (typeof value === 'number' && Number.isFinite(value)) samples[index] = value;
    else
      throw new JsonFault(
        'content',
        `${place}[${index}]`,
        `expected a finite number or null, received ${told(value)}`,
      );
  }
  return samples;
}

const told = (value: unknown): string =>
  (typeof value === 'number' ? 'one too large' : JSON.stringify(value)).slice(0, 40);

function hold<S extends z.ZodType>(schema: S, document: unknown, place: string): z.infer<S> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [first, ...others] = parsed.error.issues;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new JsonFault('content', `${place}${within(first?.path ?? [])}`, `${first?.message ?? ''}${more}`);
}

/** `[3].values` as a person would write it. */
const within = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const named = text.replace(NOT_A_NUMBER, '"$1"');
    if (named !== text) return parse(named, place);
    throw new JsonFault('syntax', place, messageOf(error));
  }
}

/** JSON has neither, yet some exporters write them: as texts they are refused at their own place. */
const NOT_A_NUMBER = /(?<=[[,:]\s*)(-?(?:NaN|Infinity))(?=\s*[,\]}])/g;
