import type { CaseFile } from '../../../shared/formats/case.ts';
import { type Explanation, explain } from '../rank-explained.ts';

/** The ranking as the work of a thread. */
export default (input: CaseFile): Explanation => explain(input);
