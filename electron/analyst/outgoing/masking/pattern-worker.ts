import { keptPatterns } from './patterns.ts';
import type { Span } from './span.ts';

/** The kept rules as the work of a thread: whatever a line does to one of them, the host goes on. */
export default (text: string): Promise<Span[]> => keptPatterns(text);
