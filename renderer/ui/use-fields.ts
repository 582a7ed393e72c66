import { z } from 'zod';
import { useKept } from './draft.ts';

type Typed = { target: { value: string } };

/**
 * What somebody has entered into a form so far, and what ties a text box to one member of it. It is kept until it is sent
 * (`forget`), all but the members that `never` names: those are secrets, and are gone with the form.
 */
export function useFields<Name extends string>(
  name: string,
  empty: Readonly<Record<Name, string>>,
  { never }: { never: readonly NoInfer<Name>[] },
) {
  const names = Object.keys(empty) as Name[];
  const kept = useKept<Record<Name, string>>(
    name,
    empty,
    (found) => {
      const texts = Texts.safeParse(found);
      return texts.success ? withTexts(empty, names, texts.data) : undefined;
    },
    (fields) =>
      Object.fromEntries(
        names.filter((one) => !never.includes(one) && !hasUser(fields[one])).map((one) => [one, fields[one]]),
      ),
  );
  const draft = kept.value;
  const set = (change: Partial<Record<Name, string>>) => kept.set((now) => ({ ...now, ...change }));
  const field = (one: Name) => ({
    value: draft[one],
    onChange: ({ target }: Typed) => set({ [one]: target.value } as Partial<Record<Name, string>>),
  });
  return { draft, set, field, forget: kept.forget };
}

const Texts = z.record(z.string(), z.string());

function withTexts<Name extends string>(
  empty: Readonly<Record<Name, string>>,
  names: readonly Name[],
  texts: Record<string, string>,
): Record<Name, string> {
  const found: Record<Name, string> = { ...empty };
  for (const one of names) found[one] = texts[one] ?? empty[one];
  return found;
}

/** An address may hold a user and a password, where the form has boxes of their own for both. */
const hasUser = (text: string) => /^\s*[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i.test(text);
