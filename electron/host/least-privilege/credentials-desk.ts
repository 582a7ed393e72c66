import type { CredentialView } from '../../../shared/vocabulary/credentials.ts';
import type { Realm } from '../../../shared/vocabulary/ids.ts';
import { type Right, sameRight } from '../../connectors/kubernetes/rights.ts';
import type { Connector, RightsReader } from '../../connectors/source.ts';
import type { LoadedEnvelope } from '../../guard/envelope/loaded-envelope.ts';
import { mayBeOffered } from '../../guard/may-be-offered.ts';
import type { Clock } from '../../platform/clock.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { type Compared, compare, comparedInWords, type Reviewed } from './compare.ts';
import { type Needing, neededRights } from './needed-rights.ts';
import { reviewCredential } from './review-credential.ts';

const REVIEW_TIMEOUT_MS = 60_000;
/** Roles change while a connection lasts. */
const REVIEW_EVERY_MS = 30 * 60_000;

type State =
  | { kind: 'reviewing' }
  | { kind: 'reviewed'; reviewed: Reviewed; atMs: number }
  | { kind: 'failed'; because: string };
type Reviewable = Connector & { rights: RightsReader };

/**
 * What the credentials of one realm's connections may do, asked of each system when it is connected and now and then
 * after, and compared with what the envelope in force could ever need.
 */
export function credentialsDesk(ports: {
  realm: Realm;
  clock: Clock;
  connectors(): readonly Connector[];
  actions: readonly Needing[];
  /** Null while none is in force. */
  envelope(): LoadedEnvelope | null;
  onChange(): void;
}) {
  const { clock } = ports;
  const states = new Map<string, { connector: Connector; state: State }>();
  const stopReviewing = clock.every(REVIEW_EVERY_MS, async () => {
    await Promise.all(reviewable().map(review));
  });
  let allowed: { digest: string; actions: Needing[] } | undefined;

  const reviewable = (): Reviewable[] => ports.connectors().filter(isReviewable);

  async function review(connector: Connector): Promise<void> {
    if (!isReviewable(connector)) return;
    const become = (state: State) => {
      states.set(connector.id, { connector, state });
      ports.onChange();
    };
    if (stateOf(connector)?.kind !== 'reviewed') become({ kind: 'reviewing' });
    try {
      const reviewed = await reviewCredential(connector, AbortSignal.timeout(REVIEW_TIMEOUT_MS));
      become({ kind: 'reviewed', reviewed, atMs: clock.now() });
    } catch (error) {
      become({ kind: 'failed', because: messageOf(error) });
    }
  }

  /** Of this very connection: one that was made anew under the same id has other credentials. */
  function stateOf(connector: Connector): State | undefined {
    const known = states.get(connector.id);
    return known?.connector === connector ? known.state : undefined;
  }

  function actionsAllowed(loaded: LoadedEnvelope): Needing[] {
    if (allowed?.digest !== loaded.digest) {
      const names = new Set(mayBeOffered(loaded).map(({ action }) => action));
      allowed = { digest: loaded.digest, actions: ports.actions.filter(({ name }) => names.has(name)) };
    }
    return allowed.actions;
  }

  /** A connection whose writes are made with another credential needs only to read, and to ask for the other. */
  function neededBy(connector: Connector): Right[] {
    const loaded = ports.envelope();
    const { reader, writer } = loaded
      ? neededRights(actionsAllowed(loaded), loaded.envelope)
      : neededRights([]);
    const reads = [...reader.inNamespaces, ...reader.inCluster];
    if (connector.writesApart) return reads;
    const writes = [...writer.inNamespaces, ...writer.inCluster];
    return [...reads, ...writes.filter((write) => !reads.some((read) => sameRight(read, write)))];
  }

  function compared(connector: Connector): Compared | null {
    const state = stateOf(connector);
    return state?.kind === 'reviewed' ? compare(neededBy(connector), state.reviewed) : null;
  }

  function viewOf(connector: Connector): CredentialView {
    const state = stateOf(connector) ?? { kind: 'reviewing' };
    const found = compared(connector);
    return {
      connection: connector.id,
      name: connector.name,
      realm: ports.realm,
      state: state.kind,
      sentence: found ? comparedInWords(found) : sentenceOf(state),
      dangerous: found?.dangerous ?? [],
      surplus: found?.surplus ?? [],
      incomplete: found?.incomplete ?? true,
      refuses: ports.envelope()?.envelope.credentials.surplus === 'refuse' && surplus(connector.id) !== null,
      reviewedMs: state.kind === 'reviewed' ? state.atMs : null,
    };
  }

  /** As a sentence for the guard, or null where nothing speaks against it. What is not known speaks against it. */
  function surplus(id: string): string | null {
    const connector = reviewable().find((one) => one.id === id);
    if (!connector) return null;
    const found = compared(connector);
    if (!found) return `the credential of ${connector.name}: ${sentenceOf(stateOf(connector))}`;
    const [worst] = found.dangerous;
    if (!worst) return null;
    return `the credential of ${connector.name} could ${worst.why} (${worst.right}, ${worst.where}), which the envelope never needs: give it the role that \`countersign rbac\` writes`;
  }

  /** What a credential that is not connected yet would be found to hold. Nothing of it is kept. */
  async function look(connector: Connector): Promise<Pick<CredentialView, 'sentence' | 'dangerous'> | null> {
    if (!isReviewable(connector)) return null;
    try {
      const reviewed = await reviewCredential(connector, AbortSignal.timeout(REVIEW_TIMEOUT_MS));
      const found = compare(neededBy(connector), reviewed);
      return { sentence: comparedInWords(found), dangerous: found.dangerous };
    } catch (error) {
      return { sentence: sentenceOf({ kind: 'failed', because: messageOf(error) }), dangerous: [] };
    }
  }

  return {
    review,
    look,
    surplus,
    views: (): CredentialView[] => reviewable().map(viewOf),
    /** @throws Failure `not_found` for what is not connected or has no rights to review. */
    async reviewAgain(id: string): Promise<CredentialView> {
      const connector = reviewable().find((one) => one.id === id);
      if (!connector)
        throw new Failure('not_found', `There is no connection ${id} whose rights can be reviewed`);
      await review(connector);
      return viewOf(connector);
    },
    end: stopReviewing,
  };
}
export type CredentialsDesk = ReturnType<typeof credentialsDesk>;

const isReviewable = (connector: Connector): connector is Reviewable => connector.rights !== undefined;

function sentenceOf(state: State | undefined): string {
  if (state?.kind === 'failed') return `what it may do could not be reviewed: ${state.because}`;
  return 'what it may do is being reviewed';
}
