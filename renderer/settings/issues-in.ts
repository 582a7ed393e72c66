import type { z } from 'zod';

/** What is missing or wrong in what was entered, each with the name of its field. */
export const issuesIn = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join(' ')}: ${message}`).join('; ');
