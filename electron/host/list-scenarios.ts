import { join } from 'node:path';
import type { ScenarioSummary } from '../../shared/vocabulary/drill.ts';
import { loadScenarios } from '../sandbox/scenario/load-scenarios.ts';

/** Where the scenarios lie that come with Countersign. */
export const ownScenarios = (resourcesDir: string): string => join(resourcesDir, 'scenarios');

/** The scenarios of a folder as they are offered: no answer in them. */
export const listScenarios = (scenariosDir: string): ScenarioSummary[] =>
  loadScenarios(scenariosDir).map(({ name, title, story, difficulty }) => ({
    name,
    title,
    story,
    difficulty,
  }));
