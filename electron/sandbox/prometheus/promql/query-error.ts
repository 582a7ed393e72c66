/** A query that has no answer, in the words of Prometheus: `bad_data` is answered 400, `execution` 422. */
export class QueryError extends Error {
  readonly type: 'bad_data' | 'execution';

  constructor(type: 'bad_data' | 'execution', message: string) {
    super(message);
    this.name = 'QueryError';
    this.type = type;
  }
}
