import { Component, type ReactNode } from 'react';
import { Failed } from './panel-states.tsx';

/** A defect in one panel leaves the others standing. */
export class ErrorBoundary extends Component<
  { what: string; children: ReactNode },
  { message: string | null }
> {
  override state: { message: string | null } = { message: null };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.message === null) return this.props.children;
    return (
      <Failed
        title={`${this.props.what} could not be drawn`}
        message={`The rest of the screen and everything on record are unharmed. ${this.state.message}`}
        onRetry={() => this.setState({ message: null })}
      />
    );
  }
}
