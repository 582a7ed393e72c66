import type { Difference } from '../../shared/vocabulary/proposal.ts';
import { Inert } from '../ui/inert.tsx';

/** What of the target is otherwise than when it was proposed, field by field. */
export function DifferencesTable({ differences }: { differences: readonly Difference[] }) {
  if (differences.length === 0) return null;
  return (
    <table className="differences">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Was</th>
          <th scope="col">Is</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ field, was, is }) => (
          <tr key={field}>
            <th scope="row">
              <Inert text={field} />
            </th>
            <td>{was === null ? <em>none</em> : <Inert text={was} />}</td>
            <td>{is === null ? <em>none</em> : <Inert text={is} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
