import type { CaseFile } from '../../../shared/formats/case.ts';
import { liveExplain } from '../live-explain.ts';
import type { Explanation } from '../rank-explained.ts';

const explain = liveExplain();

/** The ranking as the work of a thread, which remembers what it has read as long as it lives. */
export default (input: CaseFile): Explanation => explain(input);
