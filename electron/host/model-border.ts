import { randomBytes } from 'node:crypto';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Outgoing, SentRequest } from '../analyst/model-client.ts';
import { heldSecrets } from '../analyst/outgoing/masking/held-secrets.ts';
import { patternPool } from '../analyst/outgoing/masking/pattern-pool.ts';
import { personal } from '../analyst/outgoing/masking/personal.ts';
import { secretFinder } from '../analyst/outgoing/masking/without-secrets.ts';
import { outgoing } from '../analyst/outgoing/outgoing.ts';
import type { RealmDesk } from './realm.ts';

export type ModelBorder = ReturnType<typeof modelBorder>;

/** Conversations whose tokens are remembered; one that is let go of gets new ones if it goes on. */
const MOST_CONVERSATIONS = 50;

/** Everything that passes between this machine and a model: what is masked on the way out, and what is kept of it. */
export function modelBorder(realmOfIncident: (incident: string) => RealmDesk) {
  const held = heldSecrets();
  const patterns = patternPool();
  const conversations = new Map<IncidentId, Outgoing>();

  function begin(incident: IncidentId): Outgoing {
    const oldest = conversations.keys().next();
    if (conversations.size >= MOST_CONVERSATIONS && !oldest.done) conversations.delete(oldest.value);
    const begun = outgoing({
      held: held.find,
      patterns: patterns.find,
      personal: personal({ addresses: false }),
      randomMark: () => randomBytes(12).toString('hex'),
    });
    conversations.set(incident, begun);
    return begun;
  }

  return {
    /** Told each secret that is used, so that none reaches a model. */
    onSecret: held.register,
    /** Secrets in what an analyst concluded, whoever's they are. */
    secretsIn: secretFinder(held.find, patterns.find),
    /** One for each incident: its tokens mean the same from run to run. */
    outgoing: (incident: IncidentId): Outgoing => conversations.get(incident) ?? begin(incident),
    /** Told each request just before it leaves; throws when it could not be kept, and then it must not leave. */
    sent: (incident: IncidentId, request: SentRequest): void =>
      realmOfIncident(incident).sent.keep(incident, request),
    close: patterns.close,
  };
}
