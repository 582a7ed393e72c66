import { CircleCheck, CircleX } from 'lucide-react';
import type { ConnectionTest } from '../../shared/vocabulary/connection.ts';
import { Inert } from '../ui/inert.tsx';

/** What a test of a connection found, in a sentence. */
export function TestResult({ result }: { result: ConnectionTest }) {
  return (
    <p className={`test-result ${result.ok ? 'test-ok' : 'test-failed'}`}>
      {result.ok ? <CircleCheck size={14} aria-hidden /> : <CircleX size={14} aria-hidden />}
      <span>
        <Inert text={result.sentence} />
        {result.version !== null && (
          <>
            {' '}
            · version <Inert text={result.version} />
          </>
        )}
        {result.latencyMs !== null && ` · ${Math.round(result.latencyMs)} ms`}
        {result.sees.length > 0 && (
          <>
            {' '}
            · sees <Inert text={result.sees.join(', ')} />
          </>
        )}
      </span>
    </p>
  );
}
