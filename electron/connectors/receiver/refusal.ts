/**
 * Why a request is not taken: the status for a program, the sentence for the person who reads its log. INVARIANT: no
 * part of the body stands in it, since senders log what they are answered.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, sentence: string, headers: Record<string, string> = {}) {
    super(sentence);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
  }
}
