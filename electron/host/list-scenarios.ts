import { join } from 'node:path';
import type { ScenarioSummary } from '../../shared/vocabulary/drill.ts';
import { loadScenarios } from '../sandbox/scenario/load-scenarios.ts';

/** The scenarios of a resources folder as they are offered: no answer in them. */
export const listScenarios = (resourcesDir: string): ScenarioSummary[] =>
  loadScenarios(join(resourcesDir, 'scenarios')).map(({ name, title, story, difficulty }) => ({
    name,
    title,
    story,
    difficulty,
  }));
