import { z } from 'zod';

/** The path of something such as "a file" from the root of a file system, of whichever system the host runs on. */
export const wholePathOf = (what: string) =>
  z
    .string()
    .trim()
    .regex(/^(\/|[A-Za-z]:[\\/])[^\0]*$/, `the whole path of ${what}, from the root`)
    .max(1_000);
