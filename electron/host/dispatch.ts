import { z } from 'zod';
import {
  type CommandName,
  commands,
  type Input,
  type Output,
  type Reply,
} from '../../shared/bridge/contract.ts';
import { Failure } from '../platform/failure.ts';

export type Handlers = { [K in CommandName]: (input: Input<K>) => Promise<Output<K>> | Output<K> };

/**
 * The only way into the host, for every transport. Unknown names and bad input never reach a handler; what a handler
 * throws becomes a value, and a defect is told to `onDefect` with its stack.
 */
export function dispatcher(handlers: Handlers, onDefect: (command: string, error: unknown) => void) {
  async function run<K extends CommandName>(name: K, input: unknown): Promise<Reply> {
    const parsed = commands[name].input.safeParse(input);
    if (!parsed.success) {
      return { ok: false, code: 'bad_input', message: `${name}: ${z.prettifyError(parsed.error)}` };
    }
    return { ok: true, value: await handlers[name](parsed.data as Input<K>) };
  }

  return async (name: string, input: unknown): Promise<Reply> => {
    if (!Object.hasOwn(commands, name)) {
      return { ok: false, code: 'unknown_command', message: `There is no command ${JSON.stringify(name)}` };
    }
    try {
      return await run(name as CommandName, input);
    } catch (error) {
      if (!(error instanceof Failure)) onDefect(name, error);
      return Failure.toReply(error);
    }
  };
}
