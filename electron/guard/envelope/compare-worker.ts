import { type ComparedRequests, compareRequests } from './compare-requests.ts';
import { loadFrom } from './load-envelope.ts';

/** An envelope as it crosses to a thread: what it was read from. */
export type EnvelopeFiles = { files: Record<string, string>; dir: string; digest: string };
export type EnvelopePair = { older: EnvelopeFiles; newer: EnvelopeFiles };

/** Two truth tables take seconds, in which the host must go on: a stop is heard within one. */
export default ({ older, newer }: EnvelopePair): ComparedRequests =>
  compareRequests(loaded(older), loaded(newer));

const loaded = ({ files, dir, digest }: EnvelopeFiles) =>
  loadFrom(new Map(Object.entries(files)), dir, digest);
