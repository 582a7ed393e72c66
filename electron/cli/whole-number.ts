import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

/** Up to 2^31. @throws InvalidArgumentError for anything else. */
export function wholeNumber(text: string): number {
  const parsed = z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .safeParse(text);
  if (!parsed.success || text.trim() === '') throw new InvalidArgumentError('a whole number from 0 on');
  return parsed.data;
}
