import { type ComponentType, type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';

/** A part of the screen in a file of its own. `ahead` has it there before it is asked for, and never rejects. */
export type Later<P> = ComponentType<P> & { ahead(): Promise<void> };

/** A place; `what` begins a sentence about it. */
export const laterPlace = <P extends object>(what: string, load: () => Promise<ComponentType<P>>): Later<P> =>
  later(load, {
    waiting: () => <Loading what="Loading this place" />,
    failed: (retry) => <NotLoaded what={what} onRetry={retry} />,
  });

/** A dialog: nothing is seen of it until it is there, and one that does not come is said in its stead. */
export const laterDialog = <P extends { onClose(): void }>(load: () => Promise<ComponentType<P>>): Later<P> =>
  later(load, {
    waiting: () => null,
    failed: (retry, { onClose }) => (
      <Dialog title="Not loaded" onClose={onClose}>
        <NotLoaded what="This dialog" onRetry={retry} />
      </Dialog>
    ),
  });

type State<P> = { phase: 'waiting' } | { phase: 'failed' } | { phase: 'there'; Part: ComponentType<P> };
type Meanwhile<P> = { waiting(): ReactNode; failed(retry: () => void, props: P): ReactNode };

/**
 * What is there already is drawn at once: `React.lazy` would show its fallback for a moment even then, and remember a
 * failure for good.
 */
function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  { waiting, failed }: Meanwhile<P>,
): Later<P> {
  let state: State<P> = { phase: 'waiting' };
  let underWay: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  function become(next: State<P>): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function ahead(): Promise<void> {
    if (state.phase === 'failed') become({ phase: 'waiting' });
    underWay ??= load().then(
      (Part) => become({ phase: 'there', Part }),
      () => {
        underWay = null;
        become({ phase: 'failed' });
      },
    );
    return underWay;
  }

  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const now = () => state;

  function LaterPart(props: P) {
    const known = useSyncExternalStore(subscribe, now, now);
    useEffect(() => void ahead(), []);
    if (known.phase === 'there') return <known.Part {...props} />;
    return known.phase === 'waiting' ? waiting() : failed(() => void ahead(), props);
  }
  return Object.assign(LaterPart, { ahead });
}

function NotLoaded({ what, onRetry }: { what: string; onRetry(): void }) {
  return (
    <Failed
      title={`${what} could not be loaded`}
      message="The rest of the screen and everything on record are unharmed. Check that Countersign still runs, then try again. If it was updated meanwhile, reload this page."
      onRetry={onRetry}
    />
  );
}
