import type { Ranking } from '../../shared/formats/case.ts';
import { rank } from '../correlation/rank.ts';
import { readCase } from '../correlation/read-case.ts';

/**
 * Ranks the candidates of a case file.
 * @throws Failure `bad_input` naming the file, the member and what is expected.
 */
export const rankFile = async (path: string): Promise<Ranking> => rank(await readCase(path));
