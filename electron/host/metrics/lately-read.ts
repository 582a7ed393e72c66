/** So many readings are kept: one of another day, one of the part that is looked at, one of the part before. */
const KEPT = 3;

/** Remembers the last few answers by a key; a failure is not remembered, and who asks meanwhile waits for the same one. */
export function latelyRead<Input, Answer>(ask: (input: Input) => Promise<Answer>) {
  const kept = new Map<string, Promise<Answer>>();
  return {
    read(key: string, input: Input): Promise<Answer> {
      const answer = kept.get(key) ?? ask(input);
      kept.delete(key);
      kept.set(key, answer);
      for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
      answer.catch(() => {
        if (kept.get(key) === answer) kept.delete(key);
      });
      return answer;
    },
  };
}
