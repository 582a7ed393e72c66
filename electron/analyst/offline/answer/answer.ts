import type { AnswerLine } from '../../../../shared/vocabulary/analyst.ts';
import { answerQuestion, type Question } from '../../answer-question.ts';
import type { Message, ToolCall, Turn } from '../../model-client.ts';
import { listCandidates } from '../../tools/list-candidates.ts';
import { pastIncidents } from '../../tools/past-incidents.ts';
import { readMetric } from '../../tools/read-metric.ts';
import { searchTimeline } from '../../tools/search-timeline.ts';
import { compose } from './compose.ts';
import { wordsFor } from './in-words.ts';
import { type QuestionForm, questionForm } from './question-form.ts';
import { failuresOf, type Ranking, type ReadEvent, readingsOf, turnsOf } from './readings.ts';
import type { Span } from './times.ts';

const MOST_EVENTS = 60;
const MOST_CANDIDATES = 20;
const MOST_PAST = 5;
const MOST_KEYWORDS = 3;
type Wanted = { name: string; input: object };

/**
 * The next turn of an answer without a model: look at the whole, read what the form of the question asks for, answer in
 * sentences that cite what was read. A question of no known form is looked for on the timeline by its words.
 */
export function nextOfAnswer(messages: readonly Message[], question: Question): Turn {
  const turns = turnsOf(messages);
  const turn = (text: string, wanted: readonly Wanted[]): Turn => ({
    text,
    calls: wanted.map((call, index): ToolCall => ({ id: `answer-${turns}-${index}`, ...call })),
    tokens: null,
  });
  if (turns === 0) {
    return turn('Looking at what is known.', [
      { name: searchTimeline.name, input: { limit: MOST_EVENTS } },
      { name: listCandidates.name, input: { limit: MOST_CANDIDATES } },
    ]);
  }
  const [latest] = readingsOf(messages, 0, searchTimeline);
  const [ranking] = readingsOf(messages, 0, listCandidates);
  const services = servicesIn(latest?.events ?? [], ranking);
  const form = questionForm(question.text, services, question);
  const onsetMs = ranking?.onset ? Date.parse(ranking.onset) : null;
  const words = wordsFor(question, onsetMs);
  if (turns === 1) {
    const wanted = readsFor(form, question.text, words.instant);
    if (wanted.length > 0) return turn('Reading what the question is about.', wanted);
  }
  if (turns <= 2 && !hasAnswered(messages)) {
    const failures = failuresOf(messages, 0) + failuresOf(messages, 1);
    const answer = compose(form, {
      words,
      services,
      ranking,
      latest,
      events: readingsOf(messages, 1, searchTimeline),
      series: readingsOf(messages, 1, readMetric)[0],
      past: readingsOf(messages, 1, pastIncidents)[0],
    });
    return turn('', [{ name: answerQuestion.name, input: { answer: withFailures(answer, failures) } }]);
  }
  return turn('', []);
}

function readsFor(
  form: QuestionForm,
  question: string,
  instant: (moment: Span['from']) => number | null,
): Wanted[] {
  const search = (input: object) => ({ name: searchTimeline.name, input: { ...input, limit: MOST_EVENTS } });
  const within = (span: Span | null) => {
    const [from, to] = [instant(span?.from ?? null), instant(span?.to ?? null)];
    return { ...(from === null ? {} : { from: iso(from) }), ...(to === null ? {} : { to: iso(to) }) };
  };
  const of = (service: string | null) => (service === null ? {} : { service });
  switch (form.form) {
    case 'changed': {
      const from = instant(form.span?.from ?? null);
      const asked = search({ kind: 'change', ...of(form.service), ...within(form.span) });
      const before = from === null ? [] : [search({ kind: 'change', ...of(form.service), to: iso(from) })];
      return [asked, ...before];
    }
    case 'happened':
      return [search({ ...of(form.service), ...within(form.span) })];
    case 'signals':
      return [search({ kind: 'signal', ...of(form.service), ...within(form.span) })];
    case 'decided':
    case 'tried':
      return [search({ kind: 'record' })];
    case 'notes':
      return [search({ kind: 'note', ...within(form.span) })];
    case 'health':
      return [
        search({ kind: 'signal', service: form.service }),
        { name: readMetric.name, input: { service: form.service } },
      ];
    case 'onset':
      return [search({ kind: 'signal' })];
    case 'past':
      return [{ name: pastIncidents.name, input: { limit: MOST_PAST } }];
    case 'cause':
      return [];
    case 'unknown':
      return keywordsIn(question).map((text) => search({ text }));
    default:
      return form satisfies never;
  }
}

/** Longer words are rarer ones. */
const keywordsIn = (question: string): string[] =>
  [...new Set(question.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}_.-]{3,59}/gu) ?? [])]
    .filter((word) => !NO_KEYWORD.has(word))
    .sort((a, b) => b.length - a.length)
    .slice(0, MOST_KEYWORDS);

const NO_KEYWORD: ReadonlySet<string> = new Set(
  'about anything could does explain have please show something tell that there they this what when where which will with would your'.split(
    ' ',
  ),
);

function servicesIn(events: readonly ReadEvent[], ranking: Ranking | undefined): string[] {
  const named = [
    ...events.map(({ service }) => service),
    ...(ranking?.services ?? []).map(({ id }) => id),
    ...(ranking?.changes ?? []).map(({ service }) => service),
    ...(ranking?.anomalies ?? []).map(({ service }) => service),
  ];
  return [...new Set(named.flatMap((name) => name || []))].sort();
}

const hasAnswered = (messages: readonly Message[]): boolean =>
  messages.some(
    (message) =>
      message.role === 'assistant' && message.calls.some(({ name }) => name === answerQuestion.name),
  );

/** What could not be read is part of the answer. */
const withFailures = (answer: AnswerLine[], failures: number): AnswerLine[] =>
  failures === 0
    ? answer
    : [
        ...answer,
        {
          sentence: `${failures} ${failures === 1 ? 'read' : 'reads'} failed: this may not be all.`,
          events: [],
          reads: [],
        },
      ];

const iso = (ms: number) => new Date(ms).toISOString();
