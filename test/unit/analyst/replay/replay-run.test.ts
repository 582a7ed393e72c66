import { expect, it } from 'vitest';
import { defaultLimits } from '../../../../electron/analyst/budget.ts';
import { type ModelClient, nothingLeaves, type Turn } from '../../../../electron/analyst/model-client.ts';
import { type RecordedStep, sha256 } from '../../../../electron/analyst/replay/recording.ts';
import { replayRun } from '../../../../electron/analyst/replay/replay-run.ts';
import type { StoredRun } from '../../../../electron/analyst/replay/stored-run.ts';

const turns = (list: readonly Partial<Turn>[]): ModelClient => {
  let place = 0;
  return {
    id: 'another/2',
    parameters: {},
    // biome-ignore lint/correctness/useYield: a scripted turn has nothing to stream.
    async *turn(): AsyncGenerator<string, Turn> {
      return { text: '', calls: [], tokens: null, ...list[Math.min(place++, list.length - 1)] };
    },
  };
};

const claim = (cause: string | null, confidence: number) => ({
  claim: `because of ${cause}`,
  cause,
  confidence,
  mechanism: 'so it goes',
  for: [],
  against: [],
  gaps: [],
  disprovedBy: 'a look',
});
const stating = (...claims: ReturnType<typeof claim>[]) => ({
  name: 'state_hypotheses',
  input: { hypotheses: claims },
});
const rollBack = (to: number, words: string) => ({
  name: 'propose_roll_back_deployment',
  input: { input: { name: 'payments', to }, about: { rationale: words } },
});

/** A run on record: it read one metric, held one cause likelier than another, and proposed to roll back. */
function stored(): StoredRun {
  const texts = new Map<string, string>();
  const answer = (
    id: string,
    call: { name: string; input: object },
    text: string,
    verdict?: string,
  ): RecordedStep => {
    texts.set(sha256(text), text);
    return {
      kind: 'answer',
      call: { id, name: call.name, input: JSON.parse(JSON.stringify(call.input)) },
      failed: false,
      digest: sha256(text),
      ...(verdict === undefined ? {} : { verdict }),
    };
  };
  const ranked = { stated: 2, dropped: 0, ranked: [{ claim: 'because of c1' }, { claim: 'because of c2' }] };
  return {
    begun: {
      id: 'run-1',
      incident: 'inc-1',
      startedMs: 1_000,
      model: 'one/1',
      parameters: {},
      system: sha256(''),
      tools: sha256('[]'),
      opening: { role: 'user', text: 'go' },
    },
    system: '',
    tools: [],
    text: (digest) => texts.get(digest),
    steps: [
      answer('1', { name: 'read_metric', input: { service: 'payments', last: 5 } }, '{"read":"read-1"}'),
      answer('2', stating(claim('c1', 0.7), claim('c2', 0.2)), JSON.stringify(ranked)),
      answer('3', rollBack(40, 'its words'), '{"proposal":"p","verdict":"offer"}', 'offer'),
      { kind: 'ended', because: 'nothing more' },
    ],
  };
}

const play = (client: ModelClient, signal = new AbortController().signal) =>
  replayRun(
    stored(),
    { client, outgoing: nothingLeaves, system: '', limits: defaultLimits, price: null },
    signal,
  );
const calling = (...calls: { name: string; input: unknown }[]): Partial<Turn> => ({
  calls: calls.map((call, place) => ({ id: `new-${place}`, ...call })),
});

it('is the same for a model that does the same in other words', async () => {
  const replayed = await play(
    turns([
      calling({ name: 'read_metric', input: { last: 5, service: 'payments' } }),
      calling(stating(claim('c1', 0.9), claim('c2', 0.1)), rollBack(40, 'words of its own')),
      {},
    ]),
  );
  expect(replayed).toMatchObject({
    hypotheses: 'same',
    proposals: { both: [expect.stringContaining('payments')], onlyBefore: [], onlyAfter: [] },
    verdicts: [],
    notRecorded: 0,
    diverges: false,
  });
});

it('counts what the record does not hold, and answers it with a failure that says so', async () => {
  const replayed = await play(turns([calling({ name: 'read_metric', input: { service: 'checkout' } }), {}]));
  expect(replayed.notRecorded).toBe(1);
});

it('tells another order of causes from another first cause', async () => {
  const first = await play(turns([calling(stating(claim('c1', 0.6), claim('c3', 0.5))), {}]));
  expect(first.hypotheses).toBe('same-first');
  const other = await play(turns([calling(stating(claim('c2', 0.6), claim('c1', 0.5))), {}]));
  expect(other).toMatchObject({ hypotheses: 'different', diverges: true });
});

it('judges no proposal that was not made then', async () => {
  const replayed = await play(turns([calling(rollBack(39, 'further back')), {}]));
  expect(replayed.after.proposals).toEqual([
    { proposal: 'roll-back-deployment {"name":"payments","to":39}', verdict: 'not judged' },
  ]);
  expect(replayed.proposals).toMatchObject({
    onlyBefore: [expect.any(String)],
    onlyAfter: [expect.any(String)],
  });
});

it('takes a model that fails for a conclusion, and a stop for none', async () => {
  const failing: ModelClient = {
    id: 'failing',
    parameters: {},
    // biome-ignore lint/correctness/useYield: it only fails.
    async *turn(): AsyncGenerator<string, Turn> {
      throw new Error('overloaded');
    },
  };
  expect((await play(failing)).after.ended).toBe('it failed: overloaded');
  const stop = new AbortController();
  stop.abort();
  await expect(play(failing, stop.signal)).rejects.toThrow();
});

it('takes another conclusion for another result, whatever the causes', async () => {
  const claims = stating(claim('c1', 0.7), claim('c2', 0.2));
  const inconclusive = { conclusion: { kind: 'inconclusive', sentence: 'nothing separates them' } };
  const input = { hypotheses: [...claims.input.hypotheses].reverse(), ...inconclusive };
  const replayed = await play(turns([calling({ name: claims.name, input }), {}]));
  expect(replayed).toMatchObject({
    hypotheses: 'different',
    before: { conclusion: null },
    after: { causes: ['c1', 'c2'], conclusion: 'inconclusive' },
  });
});
