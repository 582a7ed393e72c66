import type { Result } from './summary.mjs';

export function readReport(report: {
  path: string;
  by: 'vitest' | 'playwright';
}): Omit<Result, 'stage'> | null;
