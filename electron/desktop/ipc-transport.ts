import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { Reply } from '../../shared/bridge/contract.ts';
import type { StreamedEvent } from '../../shared/bridge/host-events.ts';
import type { Host } from '../host/host.ts';
import type { Logger } from '../platform/logger.ts';
import { ORIGIN } from './renderer-protocol.ts';

/** The channels, as preload.ts names them: a sandboxed preload cannot load this file. */
export const CALL = 'countersign:call';
export const LISTEN = 'countersign:listen';
export const EVENT = 'countersign:event';

/**
 * The host over Electron's IPC. Every message must come from the main frame of our own page: a frame that went away has
 * no sender any more, an embedded one has a parent. What comes from elsewhere is refused and never reaches the host.
 */
export function ipcTransport(
  ipcMain: Pick<IpcMain, 'handle' | 'on'>,
  host: Pick<Host, 'dispatch' | 'subscribe'>,
  logger: Logger,
): void {
  const listening = new Map<WebContents, () => void>();

  ipcMain.handle(CALL, async (event, name: unknown, input: unknown): Promise<Reply> => {
    if (!isOurPage(event, logger) || typeof name !== 'string') return refused;
    return host.dispatch(name, input);
  });

  ipcMain.on(LISTEN, (event) => {
    if (!isOurPage(event, logger)) return;
    const { sender } = event;
    if (!listening.has(sender)) sender.once('destroyed', () => stop(sender));
    stop(sender);
    let seq = 0;
    const unsubscribe = host.subscribe((hostEvent) => {
      if (sender.isDestroyed()) return;
      const streamed: StreamedEvent = { seq, event: hostEvent };
      seq += 1;
      sender.send(EVENT, streamed);
    });
    listening.set(sender, unsubscribe);
  });

  function stop(sender: WebContents): void {
    listening.get(sender)?.();
    listening.delete(sender);
  }
}

const refused: Reply = {
  ok: false,
  code: 'refused',
  message: 'Only the main frame of Countersign itself may call the host.',
};

function isOurPage({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent, logger: Logger): boolean {
  const isOurs = senderFrame !== null && senderFrame.parent === null && senderFrame.origin === ORIGIN;
  if (!isOurs) logger.warn({ origin: senderFrame?.origin }, 'a message of a foreign frame was refused');
  return isOurs;
}
