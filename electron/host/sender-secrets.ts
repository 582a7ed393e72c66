import { z } from 'zod';
import type { Connection } from '../../shared/vocabulary/connection.ts';
import { EVERY_SENDER, type ReceiverSender } from '../../shared/vocabulary/receiver-sender.ts';
import type { SenderKey } from '../connectors/receiver/sender-book.ts';
import { Failure } from '../platform/failure.ts';
import type { Vault } from '../vault/vault.ts';

/** What the vault holds of one sender of a receiver. */
const Sealed = z.strictObject({
  secret: z.string().min(1),
  previous: z.strictObject({ secret: z.string().min(1), untilMs: z.number() }).exactOptional(),
});
export type SealedSender = z.infer<typeof Sealed>;

const nameOf = (connection: string, sender: string) => `connection/${connection}/sender/${sender}`;
/** Where the one token of a receiver lay before senders had their own. */
const oldNameOf = (connection: string) => `connection/${connection}`;

/** The secrets of the senders of receivers: in the vault, each by itself, and nowhere else. */
export function senderSecrets(vault: Vault) {
  /** @throws Failure `locked` while it cannot be read, `not_found` where it is gone. */
  function get({ id, name }: Pick<Connection, 'id' | 'name'>, sender: ReceiverSender): SealedSender {
    const held = vault.get(nameOf(id, sender.id));
    if (held !== undefined) return Sealed.parse(JSON.parse(held));
    const old = sender.id === EVERY_SENDER ? vault.get(oldNameOf(id)) : undefined;
    if (old !== undefined) return { secret: old };
    throw new Failure(
      'not_found',
      `The secret of “${sender.name}” of “${name}” is gone: revoke it and add it again`,
    );
  }

  return {
    get,
    /** On disk on return. */
    put(connection: string, sender: string, sealed: SealedSender): void {
      vault.put(nameOf(connection, sender), JSON.stringify(sealed));
      if (sender === EVERY_SENDER && vault.has(oldNameOf(connection))) vault.remove(oldNameOf(connection));
    },
    /** What is sealed in a vault that is locked stays there, of no use to anybody. */
    remove(connection: string, sender: string): void {
      if (vault.state() !== 'unlocked') return;
      const names = [nameOf(connection, sender), ...(sender === EVERY_SENDER ? [oldNameOf(connection)] : [])];
      for (const name of names) if (vault.has(name)) vault.remove(name);
    },
    /** Those of a stored receiver; an old secret that is over is erased as it is found. */
    keysOf(connection: Connection, nowMs: number): SenderKey[] {
      return (connection.senders ?? []).map((sender) => {
        const { secret, previous } = get(connection, sender);
        const about = { id: sender.id, name: sender.name, sends: sender.sends, secret };
        if (!previous) return about;
        if (previous.untilMs > nowMs) return { ...about, previous };
        vault.put(nameOf(connection.id, sender.id), JSON.stringify({ secret }));
        return about;
      });
    },
  };
}
export type SenderSecrets = ReturnType<typeof senderSecrets>;
