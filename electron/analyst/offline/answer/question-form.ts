import type { ChangeKind } from '../../../../shared/vocabulary/kinds.ts';
import { type Asker, type Span, spanIn } from './times.ts';

/** What a question asks for. `service` is the one it names, as it is known or, where none is known, as it was typed. */
export type QuestionForm =
  | { form: 'changed'; kind: ChangeKind | null; service: string | null; span: Span | null }
  | { form: 'happened'; service: string | null; span: Span | null }
  | { form: 'signals'; service: string | null; span: Span | null }
  | { form: 'decided'; answer: 'approved' | 'denied' | null }
  | { form: 'tried' }
  | { form: 'notes'; span: Span | null }
  | { form: 'health'; service: string }
  | { form: 'onset' }
  | { form: 'cause'; service: string | null }
  | { form: 'past' }
  | { form: 'unknown' };

const KINDS: readonly [RegExp, ChangeKind][] = [
  [/\b(?:deploy\w*|roll(?:ed|ing)?[\s-]?outs?|releas\w*|versions?|shipped)\b/iu, 'deploy'],
  [/\b(?:feature[\s-]?)?flags?\b|\btoggles?\b/iu, 'flag'],
  [/\bconfig\w*\b|\bsettings?\b/iu, 'config'],
  [/\bscal(?:ed?|ing)\b|\breplicas?\b/iu, 'scale'],
  [/\btraffic\b|\brouting\b|\bcanary\b/iu, 'traffic'],
  [/\binfrastructure\b|\bnodes?\b/iu, 'infrastructure'],
];

const PAST =
  /\b(?:last|previous|past|earlier|similar|other)\s+(?:incidents?|times?|outages?)\b|\b(?:seen|happened|had)\s+(?:this|it|that|something\s+like)\b.*\bbefore\b|\bbefore\s+this\s+incident\b|\bdifferent\s+(?:from|than|to)\b/iu;
const DECIDED =
  /\bwho\b.*\b(?:approv|countersign|sign|den|reject|refus|decid)|\b(?:approv\w*|decisions?)\b/iu;
const TRIED =
  /\b(?:tried|attempted|executed|carried\s+out|rolled\s+back|backed\s+out)\b|\bwhat\s+(?:have|did)\s+(?:we|you|they|people)\s+(?:do|done)\b|\bwhat\s+(?:helped|was\s+done)\b/iu;
const NOTES = /\bnotes?\b|\bwhat\s+did\s+\S+\s+(?:say|write)\b/iu;
const HEALTH =
  /\b(?:is|are|was|how(?:'s|\s+is|\s+are|\s+was))\b.*\b(?:healthy|health|ok(?:ay)?|fine|well|up|down|broken|failing|slow|doing|affected|good|bad)\b|\bhealth\s+of\b|\bstate\s+of\b|\bmetrics?\s+(?:of|for)\b/iu;
const ONSET =
  /\bwhen\b.*\b(?:begin|began|begun|start|started|break|broke|first)\b|\b(?:onset|how\s+long)\b/iu;
const CAUSE =
  /\bwhy\b|\bcaus\w+|\broot\s+cause\b|\bwhat\s+broke\b|\bsuspects?\b|\bcandidates?\b|\bwhat\s+is\s+wrong\b/iu;
const SIGNALS = /\balerts?\b|\bfir(?:ing|ed)\b|\bsymptoms?\b|\bsignals?\b|\banomal\w+|\berrors?\b/iu;
const CHANGED = /\bchang\w*\b|\bdifferent\b|\bdiffs?\b/iu;
const HAPPENED =
  /\bhappen\w*\b|\bgoing\s+on\b|\bevents?\b|\btimeline\b|\bwhat\s+was\s+(?:up|there)\b|\bshow\b|\blist\b/iu;

/**
 * What is asked for, and of which service and time. The most particular form counts: who approved a rollout is a question
 * about the decision, not about the rollout.
 */
export function questionForm(question: string, services: readonly string[], asker: Asker): QuestionForm {
  const service = serviceIn(question, services);
  const span = spanIn(question, asker);
  const kind = KINDS.find(([pattern]) => pattern.test(withoutService(question, service)))?.[1] ?? null;
  if (PAST.test(question)) return { form: 'past' };
  if (DECIDED.test(question)) return { form: 'decided', answer: decision(question) };
  if (TRIED.test(question)) return { form: 'tried' };
  if (NOTES.test(question)) return { form: 'notes', span };
  if (CHANGED.test(question)) return { form: 'changed', kind, service, span };
  if (ONSET.test(question) && span === null) return { form: 'onset' };
  if (CAUSE.test(question)) return { form: 'cause', service };
  if (service !== null && HEALTH.test(question)) return { form: 'health', service };
  if (SIGNALS.test(question)) return { form: 'signals', service, span };
  if (kind !== null) return { form: 'changed', kind, service, span };
  if (HAPPENED.test(question) || span !== null) return { form: 'happened', service, span };
  return service === null ? { form: 'unknown' } : { form: 'happened', service, span };
}

function decision(question: string): 'approved' | 'denied' | null {
  if (/\b(?:den\w+|reject\w*|refus\w*)\b/iu.test(question)) return 'denied';
  return /\b(?:approv|countersign|sign)/iu.test(question) ? 'approved' : null;
}

/** The longest known service that is named; else the word after "on", "of" or "is" that no other meaning is known of. */
export function serviceIn(question: string, services: readonly string[]): string | null {
  const words = ` ${question.toLowerCase().replaceAll(/[^\p{L}\p{N}._-]+/gu, ' ')} `.replaceAll(
    /[._]+ /gu,
    ' ',
  );
  const named = [...services]
    .sort((a, b) => b.length - a.length)
    .find((service) => {
      const name = service.toLowerCase();
      return words.includes(` ${name} `) || words.includes(` ${name.replaceAll('-', ' ')} `);
    });
  if (named !== undefined) return named;
  for (const [, word = ''] of question.matchAll(
    /\b(?:on|of|in|to|with|for|is|service)\s+([a-z0-9][a-z0-9._-]*[a-z0-9])/giu,
  )) {
    if (!NO_SERVICE.has(word.toLowerCase()) && !/^\d/u.test(word)) return word;
  }
  return null;
}

/** `config-service` is no question about configuration. */
const withoutService = (question: string, service: string | null): string =>
  service === null
    ? question
    : question.replaceAll(new RegExp(escaped(service).replaceAll('-', '[- ]'), 'giu'), ' ');
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

const NO_SERVICE: ReadonlySet<string> = new Set(
  (
    'a an all any anything are being broken cause different everything failing fine going happening healthy here it its last ' +
    'main my now ok our past place production progress slow some that the their there these this those today total trouble ' +
    'up us was what when which who why wrong yesterday you incident incidents onset services service'
  ).split(' '),
);
