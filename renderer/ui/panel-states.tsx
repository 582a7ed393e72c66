import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';

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
