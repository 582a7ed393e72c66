import { useState } from 'react';

type Typed = { target: { value: string } };

/** What somebody has entered into a form so far, and what ties a text box to one member of it. */
export function useFields<Draft extends object>(empty: Draft) {
  const [draft, setDraft] = useState(empty);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  /** Of a member that is a text. */
  const field = <Name extends keyof Draft & string>(name: Draft[Name] extends string ? Name : never) => ({
    value: String(draft[name]),
    onChange: ({ target }: Typed) => setDraft({ ...draft, [name]: target.value }),
  });
  return { draft, set, field };
}
