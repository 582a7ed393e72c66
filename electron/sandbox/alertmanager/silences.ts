import { PatternError } from '../http/re2-pattern.ts';
import { uuidOf } from '../random.ts';
import { type LabelTest, type Matcher, matcherTest } from './matcher.ts';

export type Silence = {
  id: string;
  matchers: readonly Matcher[];
  startsMs: number;
  endsMs: number;
  updatedMs: number;
  createdBy: string;
  comment: string;
};
export type SilenceDraft = Omit<Silence, 'id' | 'updatedMs'> & { id: string | null };
export type SilenceState = 'active' | 'pending' | 'expired';

export class SilenceError extends Error {
  readonly kind: 'not_found' | 'invalid';

  constructor(kind: 'not_found' | 'invalid', message: string) {
    super(message);
    this.name = 'SilenceError';
    this.kind = kind;
  }
}

export type Silences = {
  /** Active ones that end soonest first, then pending ones, then expired ones, the latest first. */
  list(atMs: number): Silence[];
  get(id: string, atMs: number): Silence | undefined;
  /** Creates a silence, or changes the one of that id; when that cannot be changed it ends and another takes its place. */
  put(draft: SilenceDraft, atMs: number): Silence;
  expire(id: string, atMs: number): void;
  /** Ids of the silences that hold these labels at this time, in order. */
  silencing(labels: Readonly<Record<string, string>>, atMs: number): string[];
};

/** How long an expired silence is still listed (`--data.retention`). */
const retentionMs = 120 * 3_600_000;

/** Silences as Alertmanager keeps them. Ids depend on the seed and the order of writes alone. */
export function silenceBook(seed: number): Silences {
  const kept = new Map<string, { silence: Silence; covers: LabelTest }>();
  let made = 0;

  function all(atMs: number): Silence[] {
    for (const [id, { silence }] of kept) if (silence.endsMs + retentionMs < atMs) kept.delete(id);
    return [...kept.values()].map(({ silence }) => silence);
  }

  function keep(silence: Silence): Silence {
    kept.set(silence.id, { silence, covers: coverage(silence.matchers) });
    return silence;
  }

  function expire(silence: Silence, atMs: number): void {
    const state = stateOf(silence, atMs);
    if (state === 'expired') return;
    const startsMs = state === 'pending' ? atMs : silence.startsMs;
    keep({ ...silence, startsMs, endsMs: atMs, updatedMs: atMs });
  }

  return {
    list: (atMs) =>
      all(atMs).sort((one, other) => {
        const state = stateOf(one, atMs);
        const byState = order.indexOf(state) - order.indexOf(stateOf(other, atMs));
        if (byState !== 0) return byState;
        if (state === 'pending') return one.startsMs - other.startsMs;
        return state === 'active' ? one.endsMs - other.endsMs : other.endsMs - one.endsMs;
      }),

    get: (id, atMs) => all(atMs).find((silence) => silence.id === id),

    put({ id, ...draft }, atMs) {
      validate(draft.matchers);
      const known = id === null ? undefined : all(atMs).find((silence) => silence.id === id);
      if (id !== null && !known) throw new SilenceError('not_found', 'silence not found');
      if (known && mayChange(known, draft, atMs)) return keep({ ...draft, id: known.id, updatedMs: atMs });
      if (known) expire(known, atMs);
      made += 1;
      const startsMs = Math.max(draft.startsMs, atMs);
      return keep({ ...draft, startsMs, id: uuidOf(`${seed}/silence/${made}`), updatedMs: atMs });
    },

    expire(id, atMs) {
      const known = all(atMs).find((silence) => silence.id === id);
      if (!known) throw new SilenceError('not_found', 'silence not found');
      expire(known, atMs);
    },

    silencing: (labels, atMs) =>
      [...kept.values()]
        .filter(({ silence, covers }) => stateOf(silence, atMs) === 'active' && covers(labels))
        .map(({ silence }) => silence.id)
        .sort(),
  };
}

const order: readonly SilenceState[] = ['active', 'pending', 'expired'];

export function stateOf({ startsMs, endsMs }: Silence, atMs: number): SilenceState {
  if (atMs < startsMs) return 'pending';
  return atMs < endsMs ? 'active' : 'expired';
}

function coverage(matchers: readonly Matcher[]): LabelTest {
  const tests = matchers.map(matcherTest);
  return (labels) => tests.every((passes) => passes(labels));
}

/** What a silence held must go on being held: only its end, its texts and a start still to come may change. */
function mayChange(
  known: Silence,
  draft: Pick<Silence, 'matchers' | 'startsMs' | 'endsMs'>,
  atMs: number,
): boolean {
  if (JSON.stringify(known.matchers) !== JSON.stringify(draft.matchers)) return false;
  const state = stateOf(known, atMs);
  if (state === 'expired') return false;
  if (state === 'pending') return draft.startsMs >= atMs;
  const sameSecond = Math.floor(known.startsMs / 1_000) === Math.floor(draft.startsMs / 1_000);
  return sameSecond && draft.endsMs >= atMs;
}

function validate(matchers: readonly Matcher[]): void {
  const invalid = (why: string) => new SilenceError('invalid', `silence invalid: ${why}`);
  for (const [index, matcher] of matchers.entries()) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(matcher.name)) {
      throw invalid(`invalid label matcher ${index}: invalid label name ${JSON.stringify(matcher.name)}`);
    }
    const why = patternFault(matcher);
    if (why !== null) throw invalid(`invalid label matcher ${index}: ${why}`);
  }
  // The real server looks at what must match alone.
  if (matchers.every((matcher) => matcher.isEqual && matcherTest(matcher)({}))) {
    throw invalid('at least one matcher must not match the empty string');
  }
}

function patternFault(matcher: Matcher): string | null {
  try {
    matcherTest(matcher);
    return null;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const why = error.message.replace(`\`^(?:${matcher.value})$\``, `\`${matcher.value}\``);
    return `invalid regular expression ${JSON.stringify(matcher.value)}: ${why}`;
  }
}
