import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { Group } from '../ui/group.tsx';
import { Inert } from '../ui/inert.tsx';
import { NORMAL, strengths } from './impact.ts';

type TableProps = {
  topology: Topology;
  candidates: Candidates | null;
  selected: string | null;
  onSelect(service: string | null): void;
};

/** The graph's content for whoever reads rather than looks: each service with its state, changes and callees. */
export function CorrelationTable({ topology, candidates, selected, onSelect }: TableProps) {
  const off = strengths(candidates);
  const step = (id: string) => (off.get(id) ?? NORMAL).step;
  const services = topology.services.toSorted((a, b) => step(b.id) - step(a.id) || (a.id < b.id ? -1 : 1));
  return (
    <Group className="graph-table" tabIndex={0} label="Services as a table">
      <table className="table">
        <thead>
          <tr>
            <th>Service</th>
            <th>State</th>
            <th>Changes</th>
            <th>Calls</th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ id, tier }) => (
            <tr key={id} aria-selected={id === selected ? true : undefined}>
              <td>
                <button type="button" className="link" onClick={() => onSelect(id === selected ? null : id)}>
                  <Inert text={id} />
                </button>
                {tier !== null && <span className="muted"> tier {tier}</span>}
              </td>
              <td>
                {(off.get(id) ?? NORMAL).word}
                {off.get(id)?.worst && (
                  <span className="muted">
                    : <Inert text={off.get(id)?.worst?.sentence ?? ''} />
                  </span>
                )}
              </td>
              <td>{candidates?.changes.filter(({ service }) => service === id).length ?? 0}</td>
              <td className="muted">
                <Inert
                  text={
                    topology.calls
                      .filter(({ from }) => from === id)
                      .map(({ to }) => to)
                      .join(', ') || '–'
                  }
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Group>
  );
}
