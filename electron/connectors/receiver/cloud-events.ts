import { toldByCdEvent } from './cd-events.ts';
import { type CloudEvent, eventsIn, type Message, modeOf } from './cloud-event.ts';
import { ownType, toldByOwnEvent } from './own-change.ts';
import type { Received } from './received.ts';

/**
 * The CloudEvents of one request: CDEvents, and changes in Countersign's own words.
 * @throws Refusal naming what does not hold, and where.
 */
export function receivedIn(message: Message): Received[] {
  const isWhole = modeOf(message) === 'structured';
  return eventsIn(message).map((event) => {
    const received = receivedOf(event);
    return isWhole ? { ...received, raw: Buffer.from(message.body).toString('utf8') } : received;
  });
}

/** One event by itself. @throws Refusal naming what does not hold. */
export const receivedOf = (event: CloudEvent): Received => ({
  event,
  told: event.type === ownType ? toldByOwnEvent(event) : toldByCdEvent(event),
  raw: JSON.stringify(event),
});
