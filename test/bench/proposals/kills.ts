import { type Killed, killedExecution } from '../../fixtures/killed-execution/killed-execution.ts';

type Tally = { kills: number; steps: number; ends: Record<string, number>; seconds: number };

/** Kills an execution at each of its steps in turn, and each tenth time while its write is at the server. */
export async function kills(options: { count: number; say(line: string): void }): Promise<Tally> {
  const { count, say } = options;
  const beganMs = performance.now();
  const { steps } = await killedExecution({ at: 'never' });
  if (steps === null) throw new Error('An execution that nobody killed did not end');
  const tally: Tally = { kills: 0, steps, ends: {}, seconds: 0 };
  say(`an execution has ${steps} steps`);
  for (let nth = 0; nth < count; nth += 1) {
    const killing =
      nth % 10 === 9
        ? { at: 'write' as const }
        : { at: 'step' as const, step: 1 + ((nth - Math.floor(nth / 10)) % steps) };
    const end = endOf(await killedExecution(killing));
    tally.ends[end] = (tally.ends[end] ?? 0) + 1;
    tally.kills += 1;
    if (tally.kills % 50 === 0) say(`${tally.kills} kills`);
  }
  tally.seconds = (performance.now() - beganMs) / 1000;
  for (const [end, times] of Object.entries(tally.ends)) say(`  ${String(times).padStart(4)} ${end}`);
  return tally;
}

const endOf = ({ intended, writes, state, trace }: Killed): string =>
  [
    intended ? 'intent on disk' : 'no intent yet',
    writes === 0 ? 'nothing written' : 'written once',
    state,
    ...(trace === null ? [] : [`read back: ${trace}`]),
  ].join(', ');
