import { handlers } from './commands.ts';
import { dispatcher } from './dispatch.ts';
import type { Host } from './host.ts';
import { type Adapters, buildParts } from './host-parts.ts';

/**
 * The whole application but its screen. Every transport passes through its `dispatch`.
 * @throws Failure `storage` or `bad_input` naming the file that does not open or does not hold, and the remedy.
 */
export async function createHost(adapters: Adapters): Promise<Host> {
  const parts = await buildParts(adapters);
  const dispatch = dispatcher(handlers(parts), (command, error) => {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    adapters.logger.error({ command, error: message, stack }, 'a command failed');
  });
  let closing: Promise<void> | undefined;
  return {
    dispatch,
    subscribe: parts.subscribe,
    woke: parts.woke,
    close: () => {
      closing ??= parts.close();
      return closing;
    },
  };
}
