import type { Evidence } from '../../../../shared/vocabulary/hypothesis.ts';
import type { Candidate, WhatWasRead } from '../what-was-read.ts';

/**
 * Something that a careful reader holds for or against a change and that the ranking did not weigh: by how much it
 * multiplies what the ranking gave, and what it rests on.
 */
export type Argument = { times: number; evidence: Evidence };

export type ArgumentOf = (change: Candidate, read: WhatWasRead) => Argument | null;
