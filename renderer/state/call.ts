import { create } from 'zustand';
import type { CommandName, Input, Output } from '../../shared/bridge/contract.ts';
import type { Call } from '../bridge/client.ts';
import { HostError } from '../bridge/host-error.ts';

/** The passphrase dialog that a `locked` answer opens; whoever asked waits for it. */
type UnlockState = { waiting: ((unlocked: boolean) => void)[] };
export const useUnlock = create<UnlockState>(() => ({ waiting: [] }));

let client: Call | null = null;
export const connectClient = (one: Call) => {
  client = one;
};

/**
 * Asks the host. An answer `locked` means that nothing was done, because the vault must be opened first: the person is
 * asked for the passphrase, and after that the same question is put once more. No other answer is ever retried.
 */
export async function call<K extends CommandName>(name: K, input: Input<K>): Promise<Output<K>> {
  if (!client) throw new HostError('unreachable', 'The screen is not connected to Countersign yet.');
  try {
    return await client(name, input);
  } catch (error) {
    if (!(error instanceof HostError) || error.code !== 'locked' || name === 'vault.unlock') throw error;
    if (!(await unlocked())) throw error;
    return client(name, input);
  }
}

const unlocked = () =>
  new Promise<boolean>((resolve) => {
    useUnlock.setState(({ waiting }) => ({ waiting: [...waiting, resolve] }));
  });

/** Opens the passphrase dialog without a question waiting behind it. */
export const askForPassphrase = () => void unlocked();

/** The dialog was answered: everyone who waits goes on or gives up. */
export function settleUnlock(open: boolean): void {
  const { waiting } = useUnlock.getState();
  useUnlock.setState({ waiting: [] });
  for (const resolve of waiting) resolve(open);
}

/** What went wrong, for the person. */
export const messageOf = (error: unknown): string => {
  if (error instanceof HostError) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
};
