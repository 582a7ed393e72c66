import { randomBytes } from 'node:crypto';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Outgoing, SentRequest } from '../analyst/model-client.ts';
import { heldSecrets } from '../analyst/outgoing/masking/held-secrets.ts';
import { type MaskerPorts, masker } from '../analyst/outgoing/masking/masker.ts';
import { patternPool } from '../analyst/outgoing/masking/pattern-pool.ts';
import { personal } from '../analyst/outgoing/masking/personal.ts';
import { secretFinder } from '../analyst/outgoing/masking/without-secrets.ts';
import { outgoing } from '../analyst/outgoing/outgoing.ts';
import type { RealmDesk } from './realm.ts';

export type ModelBorder = ReturnType<typeof modelBorder>;

/** Conversations whose tokens are remembered; one that is let go of gets new ones if it goes on. */
const MOST_CONVERSATIONS = 50;

type Conversation = { outgoing: Outgoing; addresses: boolean };

/** Everything that passes between this machine and a model: what is masked on the way out, and what is kept of it. */
export function modelBorder(
  realmOfIncident: (incident: string) => RealmDesk,
  /** Whether addresses and internal host names are masked too, asked as a run begins. */
  masksAddresses: () => boolean,
) {
  const held = heldSecrets();
  const patterns = patternPool();
  const conversations = new Map<IncidentId, Conversation>();

  const maskedBy = (rules: { addresses: boolean }): MaskerPorts => ({
    held: held.find,
    patterns: patterns.find,
    personal: personal(rules),
  });

  function begin(incident: IncidentId, addresses: boolean): Outgoing {
    const oldest = conversations.keys().next();
    if (conversations.size >= MOST_CONVERSATIONS && !oldest.done) conversations.delete(oldest.value);
    const begun = outgoing({
      ...maskedBy({ addresses }),
      randomMark: () => randomBytes(12).toString('hex'),
    });
    conversations.set(incident, { outgoing: begun, addresses });
    return begun;
  }

  return {
    /** Told each secret that is used, so that none reaches a model. */
    onSecret: held.register,
    /** Secrets in what an analyst concluded, whoever's they are. */
    secretsIn: secretFinder(held.find, patterns.find),
    /** One for each incident: its tokens mean the same from run to run, as long as the same is masked. */
    outgoing(incident: IncidentId): Outgoing {
      const known = conversations.get(incident);
      const addresses = masksAddresses();
      return known?.addresses === addresses ? known.outgoing : begin(incident, addresses);
    },
    /** What a text of a person's would look like to a model. */
    async preview(text: string, rules: { addresses: boolean }): Promise<string> {
      const [masked] = await masker(maskedBy(rules)).mask([{ value: text, by: 'others' }]);
      return String(masked);
    },
    /** Told each request just before it leaves; throws when it could not be kept, and then it must not leave. */
    sent: (incident: IncidentId, request: SentRequest): void =>
      realmOfIncident(incident).sent.keep(incident, request),
    close: patterns.close,
  };
}
