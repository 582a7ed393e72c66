import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Time } from './time.tsx';

/** Nothing to show: what will be here, and what brings it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="panel-state">
      <p className="panel-state-title">{title}</p>
      {children}
    </div>
  );
}

/** What is being waited for. */
export function Loading({ what }: { what: string }) {
  return (
    <div className="panel-state" aria-busy="true">
      <p className="panel-state-title">
        <span className="spinner" aria-hidden />
        {what}
      </p>
    </div>
  );
}

/** What happened and what to do next. */
export function Failed({
  title,
  message,
  onRetry,
}: {
  title: string;
  message: string;
  onRetry?: () => void;
}) {
  return (
    <div className="panel-state panel-state-failed" role="alert">
      <p className="panel-state-title">
        <CircleAlert size={15} aria-hidden />
        {title}
      </p>
      <p>{message}</p>
      {onRetry && (
        <Button small onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** A failure beside the thing it happened to. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <div className="problem" role="alert">
      <CircleAlert size={14} aria-hidden />
      <div>{children}</div>
    </div>
  );
}

type StaleProps = { problem: string; asOfMs: number; onRetry(): void };

/** What stands below was read earlier and could not be read again: it is kept, and marked. */
export function Stale({ problem, asOfMs, onRetry }: StaleProps) {
  return (
    <div className="problem" role="alert">
      <CircleAlert size={14} aria-hidden />
      <p>
        What you see is as of <Time atMs={asOfMs} />; it could not be read again. {problem}
      </p>
      <Button small onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

type WhenReadProps<T> = {
  of: { value: T | null; problem: string | null; readMs: number; again(): void };
  /** What is being waited for, and the sentence when it failed. */
  loading: string;
  failed: string;
  children(value: T): ReactNode;
};

/** Something that is read of the host, in each state: waited for, failed, there, and there but no longer new. */
export function WhenRead<T>({ of, loading, failed, children }: WhenReadProps<T>) {
  const { value, problem, readMs, again } = of;
  if (value === null && problem === null) return <Loading what={loading} />;
  if (value === null) return <Failed title={failed} message={problem ?? ''} onRetry={again} />;
  return (
    <>
      {problem !== null && <Stale problem={problem} asOfMs={readMs} onRetry={again} />}
      {children(value)}
    </>
  );
}
