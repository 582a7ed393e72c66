import { z } from 'zod';
import { AnswerLine } from '../../shared/vocabulary/analyst.ts';

/** What a person asked, as an analyst is told it. Clock times in it are the person's. */
export type Question = {
  text: string;
  /** The end of what can be asked about: now, or when the incident was closed. */
  atMs: number;
  /** Of the person's clock, such as 120 for two hours ahead of UTC. */
  utcOffsetMinutes: number;
};

/** What a model is told of a question. */
export function questionInWords({ text, atMs, utcOffsetMinutes }: Question): string[] {
  const hours = utcOffsetMinutes / 60;
  return [
    `Read what the question is about, then answer it with answer_question, and do nothing else.`,
    `Times of day in it are by a clock ${Math.abs(hours)} hours ${hours < 0 ? 'behind' : 'ahead of'} UTC; it is ${new Date(atMs).toISOString()} now.`,
    `The question: ${text}`,
  ];
}

/** The tool by which an analyst answers a person: sentences with what they rest on, not prose. */
export const answerQuestion = {
  name: 'answer_question',
  purpose:
    'Answer the question in sentences. Each names the keys of the timeline events and the ids of the reads it rests on. Say what you could not find.',
  input: z.strictObject({ answer: z.array(AnswerLine).min(1).max(40) }),
};

/** What the record holds, by which code judges an answer. */
export type AnswerRecord = { hasEvent(key: string): boolean; hasRead(id: string): boolean };

/**
 * The answer as it may be shown. Citations of what is not on record are taken away; a sentence that had some and is left
 * with none is dropped and counted. A sentence that never cited anything stays, and the screen says that it rests on
 * nothing.
 */
export function honestAnswer(
  answer: readonly AnswerLine[],
  record: AnswerRecord,
): { answer: AnswerLine[]; dropped: number } {
  const kept = answer.flatMap((line) => {
    const cited = line.events.length + line.reads.length;
    const events = line.events.filter(record.hasEvent);
    const reads = line.reads.filter(record.hasRead);
    return cited > 0 && events.length + reads.length === 0 ? [] : [{ ...line, events, reads }];
  });
  return { answer: kept, dropped: answer.length - kept.length };
}
