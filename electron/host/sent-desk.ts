import { createHash } from 'node:crypto';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { SentRequest } from '../../shared/vocabulary/sent.ts';
import type { SentRequest as Leaving } from '../analyst/model-client.ts';
import { maskedIn } from '../analyst/outgoing/masking/tokens.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import type { SentRepository } from '../store/sent-repository.ts';

export type SentDeskPorts = {
  repository: SentRepository;
  ledger: Ledger;
  clock: Clock;
  ids: Ids;
  publish(event: HostEvent): void;
};
export type SentDesk = ReturnType<typeof sentDesk>;

/** What left this machine: kept byte for byte, and in the ledger by its digest, before the first byte leaves. */
export function sentDesk({ repository, ledger, clock, ids, publish }: SentDeskPorts) {
  return {
    /** INVARIANT: returns only once it is kept; what cannot be kept is not sent, for this throws. */
    keep(incident: IncidentId, { model, baseUrl, body }: Leaving): void {
      const request: SentRequest = {
        id: ids('sent'),
        incident,
        atMs: Math.round(clock.now()),
        model,
        baseUrl: withoutCredentials(baseUrl),
        bytes: Buffer.byteLength(body),
        digest: createHash('sha256').update(body).digest('hex'),
        masked: maskedIn(body),
      };
      const { id, bytes, digest, masked } = request;
      ledger.record(
        {
          kind: 'sent',
          incident,
          actor: { kind: 'host', name: 'countersign' },
          body: { sent: id, model, baseUrl: request.baseUrl, bytes, digest, masked },
        },
        () => repository.add(request, body),
      );
      publish({ name: 'sent.added', request });
    },
    list: (incident: IncidentId): SentRequest[] => repository.ofIncident(incident),
    /** The exact text. @throws Failure `not_found` */
    text(incident: IncidentId, id: string): string {
      const text = repository.text(incident, id);
      if (text === undefined)
        throw new Failure('not_found', `Nothing named ${JSON.stringify(id)} was sent for this incident`);
      return text;
    },
  };
}

function withoutCredentials(baseUrl: string): string {
  const url = new URL(baseUrl);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
