export type Skip = { title: string; because?: string };
export type Result = { stage: string; passed: number; failed: number; failures?: string[]; skipped: Skip[] };
export function summary(
  results: Result[],
  options: { ci: boolean },
): { lines: string[]; last: string; ok: boolean };
