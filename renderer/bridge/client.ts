import { type CommandName, commands, type Input, type Output } from '../../shared/bridge/contract.ts';
import { quickParse } from '../../shared/bridge/quick-check.ts';
import { HostError } from './host-error.ts';
import type { Transport } from './transport.ts';

export type Call = <K extends CommandName>(name: K, input: Input<K>) => Promise<Output<K>>;

/** The typed client: what comes back is parsed once here and trusted inside. */
export function bridgeClient(send: Transport['send']): Call {
  /** Made when a command is called first: most screens call few. */
  const parsers = new Map<CommandName, ReturnType<typeof quickParse>>();
  function parserOf(name: CommandName) {
    const parse = parsers.get(name) ?? quickParse(commands[name].output);
    parsers.set(name, parse);
    return parse;
  }
  return async function call<K extends CommandName>(name: K, input: Input<K>): Promise<Output<K>> {
    const reply = await send(name, input);
    if (!reply.ok) throw new HostError(reply.code, reply.message);
    const output = parserOf(name)(reply.value);
    if (!output.success) {
      throw new HostError('bad_reply', `The host answered ${name} in a way this screen does not understand.`);
    }
    return output.data as Output<K>;
  };
}
