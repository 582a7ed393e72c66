import { z } from 'zod';

/**
 * What is made of each object of a collection, with the object at hand as it was sent. Of the object nothing stays but what
 * is made of it: a list of tens of thousands is never held as a whole.
 */
export const asSent = <Item, Made>(
  schema: z.ZodType<Item>,
  make: (item: Item, object: unknown) => Made,
): z.ZodType<Made> =>
  z.unknown().transform((object, context) => {
    const parsed = schema.safeParse(object);
    if (parsed.success) return make(parsed.data, object);
    context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
    return z.NEVER;
  });
