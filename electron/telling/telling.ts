import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { TellingTarget } from '../../shared/vocabulary/telling.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { Refuses } from '../platform/forbidden-address.ts';
import type { Logger } from '../platform/logger.ts';
import { type Message, slackBody } from './message.ts';
import type { TellingSettings, Webhook } from './settings.ts';
import { type Target, type TellingQueue, tellingQueue } from './telling-queue.ts';
import { toldByEvent } from './told-by-event.ts';
import { postTo } from './webhook.ts';

/** Shows a message on this desktop; where there is none, nobody is told that way. */
export type Notify = (message: {
  title: string;
  body: string;
  incident: IncidentId | null;
  /** Shown whatever else is on the screen: a stop, or what somebody tries. */
  urgent: boolean;
}) => void;

const AGE_EVERY_MS = 15_000;

/** Tells people who look elsewhere. It only ever writes out: whatever a target answers changes nothing here. */
export function openTelling(parts: {
  settings: TellingSettings;
  notify: Notify | undefined;
  /** Those that wait for somebody in real incidents. */
  openEscalations(): readonly Escalation[];
  withoutSecrets(text: string): string;
  refuses: Refuses;
  logger: Logger;
  clock: Clock;
}) {
  const { notify, withoutSecrets, refuses, logger, clock } = parts;
  const nowMs = clock.now;
  const events = toldByEvent({ nowMs, since: nowMs() });
  /** By what they are, so that a target nobody changed keeps its pace and what is known of it. */
  let queues = new Map<string, TellingQueue>();
  use(parts.settings);
  const stopAgeing = clock.every(AGE_EVERY_MS, async () => tellAll(events.ageing(parts.openEscalations())));

  function use(settings: TellingSettings): void {
    const before = queues;
    queues = new Map(
      targetsOf(settings).map(({ key, target }) => [
        key,
        before.get(key) ?? tellingQueue(target, { nowMs, withoutSecrets, logger }),
      ]),
    );
    for (const [key, queue] of before) if (!queues.has(key)) queue.close();
  }

  function targetsOf({ desktop, webhooks, link }: TellingSettings): { key: string; target: Target }[] {
    const all = webhooks.map((webhook) => webhookTarget(webhook, link));
    if (!notify || desktop.tells.length === 0) return all;
    const about = {
      ...{ id: 'desktop', name: 'This desktop', kind: 'desktop' as const, from: 'settings' as const },
      ...{ host: null, occasions: [...desktop.tells], drills: desktop.drills },
    };
    const send = ({ title, body, drill, incident, occasion, isTest }: Message) =>
      notify({
        title: `${drill ? 'Drill: ' : ''}${title}`,
        body,
        incident,
        urgent: occasion === 'stop' || isTest === true,
      });
    return [{ key: JSON.stringify(about), target: { about, send } }, ...all];
  }

  function webhookTarget(webhook: Webhook, link: string | null): { key: string; target: Target } {
    const { id, from, name, url, tells, drills } = webhook;
    const host = url instanceof URL ? url.host : null;
    const about = { id, name, kind: 'webhook' as const, from, host, occasions: [...tells], drills };
    const send = (message: Message, signal: AbortSignal) => {
      if (!(url instanceof URL)) throw new Failure('locked', url.because);
      return postTo(url, slackBody(message, link), { refuses, signal });
    };
    return { key: JSON.stringify([about, String(url), link]), target: { about, send } };
  }

  function tellAll(messages: readonly Message[]): void {
    for (const message of messages) for (const queue of queues.values()) queue.take(message);
  }

  return {
    use,
    onEvent: (event: HostEvent): void => tellAll(events.take(event)),
    /** A message to each target, whatever it wants to be told of; resolves once each has answered. */
    async tryAll(): Promise<void> {
      const message: Message = {
        occasion: 'incident',
        drill: false,
        title: 'Countersign can tell you',
        body: 'This is a test: somebody pressed “Send a test” in Settings.',
        incident: null,
        isTest: true,
      };
      await Promise.all([...queues.values()].map((queue) => queue.test(message)));
    },
    targets: (): TellingTarget[] => [...queues.values()].map((queue) => queue.view()),
    close(): void {
      stopAgeing();
      for (const queue of queues.values()) queue.close();
    },
  };
}
