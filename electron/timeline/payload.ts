import { createHash } from 'node:crypto';
import type { Observation } from '../../shared/vocabulary/event.ts';
import { MOST_PAYLOAD_CHARACTERS, type Payload as PayloadView } from '../../shared/vocabulary/payload.ts';
import type { Delivered } from '../connectors/delivered.ts';
import { withoutSecrets } from '../platform/hide-secrets.ts';
import type { KeptPayload, Payload } from '../store/payload-repository.ts';

/** What a source delivered as it is kept: well-formed, without secrets, no longer than the bound; and its digest. */
export function payloadOf(raw: string): Payload {
  const told = withoutSecrets(raw.toWellFormed());
  const text =
    told.length <= MOST_PAYLOAD_CHARACTERS ? told : told.slice(0, MOST_PAYLOAD_CHARACTERS).toWellFormed();
  return { digest: digestOf(text), text };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A fact as the timeline has it, and what is kept beside it. */
export function parted({ raw, ...rest }: Delivered): { observation: Observation; payload: Payload | null } {
  // The compiler does not see that a union without one member of all its parts is the union of these parts.
  const observation = rest as Observation;
  if (raw === undefined || raw === null) return { observation, payload: null };
  const payload = payloadOf(typeof raw === 'function' ? raw() : raw);
  return { observation: { ...observation, payload: payload.digest }, payload };
}

/** What is kept under a digest, held against it: a text that does not have it is not shown as evidence. */
export function readPayload(find: () => KeptPayload, digest: string): PayloadView {
  let kept: KeptPayload;
  try {
    kept = find();
  } catch {
    // It does not unpack: somebody, or the disk, has changed it.
    return { kind: 'altered', digest };
  }
  switch (kept.kind) {
    case 'absent':
      return { kind: 'absent', digest };
    case 'erased':
      return { kind: 'erased', digest, by: kept.by };
    case 'kept': {
      const { text, keptMs } = kept;
      if (digestOf(text) !== digest) return { kind: 'altered', digest };
      return { kind: 'kept', digest, text, keptMs, isCut: text.length >= MOST_PAYLOAD_CHARACTERS };
    }
  }
}
