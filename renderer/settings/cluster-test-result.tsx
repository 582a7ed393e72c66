import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ClusterTest } from '../../shared/vocabulary/cluster-connection.ts';
import { Inert } from '../ui/inert.tsx';
import { TestResult } from './test-result.tsx';

/** So many of the worst are named here; the Envelope page has them all. */
const MOST_NAMED = 5;

/** What a test of a cluster found, and what its credential could do beyond what the envelope needs. */
export function ClusterTestResult({ result: { test, credential } }: { result: ClusterTest }) {
  return (
    <>
      <TestResult result={test} />
      {credential && (
        <div className={`test-result ${credential.dangerous.length > 0 ? 'test-risky' : 'test-ok'}`}>
          {credential.dangerous.length > 0 ? (
            <TriangleAlert size={14} aria-hidden />
          ) : (
            <CircleCheck size={14} aria-hidden />
          )}
          <div>
            <p>
              Credential: <Inert text={credential.sentence} />
            </p>
            {credential.dangerous.length > 0 && (
              <ul className="test-dangers" aria-label="Dangerous rights">
                {credential.dangerous.slice(0, MOST_NAMED).map(({ right, where, why }) => (
                  <li key={right}>
                    <Inert text={`${right}, ${where}: ${why}`} />
                  </li>
                ))}
                {credential.dangerous.length > MOST_NAMED && (
                  <li>
                    {credential.dangerous.length - MOST_NAMED} more on the Envelope page once it is connected
                  </li>
                )}
              </ul>
            )}
          </div>
        </div>
      )}
    </>
  );
}
