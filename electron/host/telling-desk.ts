import { join } from 'node:path';
import { z } from 'zod';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import { NewWebhook, TellingChoices, type TellingView } from '../../shared/vocabulary/telling.ts';
import type { Ledger, NewEntry } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { Refuses } from '../platform/forbidden-address.ts';
import { randomIds } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { settingRepository } from '../store/setting-repository.ts';
import {
  type FileTelling,
  firstChoices,
  readTelling,
  TELLING,
  type TellingSettings,
  type Webhook,
} from '../telling/settings.ts';
import { type Notify, openTelling } from '../telling/telling.ts';
import { webhookAddress } from '../telling/webhook-address.ts';
import type { Vault } from '../vault/vault.ts';

const CHOICES = 'telling';
const WEBHOOKS = 'telling-webhooks';
const MOST_WEBHOOKS = 20;

/** A webhook as it is kept: its address is in the vault alone. */
const KeptWebhook = NewWebhook.omit({ url: true }).extend({ id: z.string() });
type KeptWebhook = z.infer<typeof KeptWebhook>;

export type TellingDesk = ReturnType<typeof tellingDesk>;

/** Tells people of the host's events, as Settings and `telling.yaml` in the data directory have it. */
export function tellingDesk(ports: {
  dataDir: string;
  settings: ReturnType<typeof settingRepository>;
  vault: Vault;
  ledger(): Ledger;
  person(): string;
  notify: Notify | undefined;
  subscribe(listener: (event: HostEvent) => void): () => void;
  clock: Clock;
  refuses: Refuses;
  openEscalations(): readonly Escalation[];
  logger: Logger;
  withoutSecrets(text: string): string;
  /** Told each address, so that it reaches no log line and no message. */
  onSecret(secret: string): void;
}) {
  const { settings: repository, vault, notify } = ports;
  let problem: string | null = null;
  /** Addresses read once: a vault that is locked later stops nobody from being told. */
  const known = new Map<string, URL>();
  const file = fromFile();
  for (const { url } of file.webhooks) if (url instanceof URL) ports.onSecret(url.href);

  const kept = (): KeptWebhook[] => repository.get(WEBHOOKS, z.array(KeptWebhook)) ?? [];
  const chosen = (): TellingChoices => repository.get(CHOICES, TellingChoices) ?? firstChoices;
  const choices = (): TellingChoices => ({
    link: file.link ?? chosen().link,
    desktop: file.desktop ?? chosen().desktop,
  });

  const desk = openTelling({
    settings: settings(),
    notify,
    openEscalations: ports.openEscalations,
    withoutSecrets: ports.withoutSecrets,
    refuses: ports.refuses,
    logger: ports.logger,
    clock: ports.clock,
  });
  const unsubscribe = ports.subscribe(desk.onEvent);

  /** A file that does not hold tells nobody, and the person is told why. */
  function fromFile(): FileTelling {
    try {
      return readTelling(ports.dataDir);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problem = error.message;
      return { webhooks: [] };
    }
  }

  function settings(): TellingSettings {
    const ours = kept().map(
      (webhook): Webhook => ({ ...webhook, from: 'settings', url: addressOf(webhook) }),
    );
    return { ...choices(), webhooks: [...ours, ...file.webhooks] };
  }

  function addressOf({ id, name }: KeptWebhook): Webhook['url'] {
    const read = known.get(id);
    if (read) return read;
    try {
      const text = vault.get(secretName(id));
      if (text === undefined)
        return { because: `The address of “${name}” is gone: remove it and add it again.` };
      ports.onSecret(text);
      const url = webhookAddress(`“${name}”`, text);
      known.set(id, url);
      return url;
    } catch (error) {
      if (error instanceof Failure) return { because: error.message };
      throw error;
    }
  }

  /** On record, without the address. */
  function record(telling: NewEntry['body'], commit: () => void): void {
    ports
      .ledger()
      .record(
        { kind: 'setting', actor: { kind: 'person', name: ports.person() }, body: { telling } },
        commit,
      );
    desk.use(settings());
  }

  const view = (): TellingView => ({
    file: join(ports.dataDir, TELLING),
    problem,
    choices: choices(),
    fixed: { link: file.link !== undefined, desktop: file.desktop !== undefined },
    hasDesktop: notify !== undefined,
    targets: desk.targets(),
  });

  return {
    view,

    async tryAll(): Promise<TellingView> {
      await desk.tryAll();
      return view();
    },

    choose(next: TellingChoices): TellingView {
      record({ link: next.link, desktop: next.desktop }, () => repository.put(CHOICES, next));
      return view();
    },

    add({ url: text, ...about }: NewWebhook): TellingView {
      const url = webhookAddress(`“${about.name}”`, text);
      const all = kept();
      if (all.length >= MOST_WEBHOOKS)
        throw new Failure('refused', `There are ${MOST_WEBHOOKS} webhooks already. Remove one first.`);
      const id = randomIds('hook');
      ports.onSecret(url.href);
      // The address first: a webhook without it would be broken, an address without its webhook is unused.
      vault.put(secretName(id), url.href);
      record({ added: id, ...about, host: url.host }, () =>
        repository.put(WEBHOOKS, [...all, { id, ...about }]),
      );
      return view();
    },

    remove(id: string): TellingView {
      const all = kept();
      if (!all.some((one) => one.id === id))
        throw new Failure('not_found', `There is no webhook ${id} that was added in Settings.`);
      known.delete(id);
      record({ removed: id }, () =>
        repository.put(
          WEBHOOKS,
          all.filter((one) => one.id !== id),
        ),
      );
      if (vault.has(secretName(id)) && vault.state() === 'unlocked') vault.remove(secretName(id));
      return view();
    },

    /** Addresses can be read now. */
    onVaultOpened: (): void => desk.use(settings()),

    close(): void {
      unsubscribe();
      desk.close();
    },
  };
}

const secretName = (id: string): string => `telling/${id}`;
