import type { Candidates, ChangeCandidate } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { CHANGE_ICONS } from '../ui/change-icons.ts';
import { Group } from '../ui/group.tsx';
import { Inert } from '../ui/inert.tsx';
import { relativeTo } from '../ui/words.ts';
import { NORMAL, strengths } from './impact.ts';
import { onsets } from './spread.ts';

/** Changes of one service that are written out; the list below has them all. */
const MOST_CHANGES = 3;

type TableProps = {
  topology: Topology;
  candidates: Candidates | null;
  selected: string | null;
  onSelect(service: string | null): void;
};

/** The graph's content for whoever reads rather than looks: each service with its state, since when, its changes and callees. */
export function CorrelationTable({ topology, candidates, selected, onSelect }: TableProps) {
  const off = strengths(candidates);
  const first = onsets(candidates);
  const changes = Map.groupBy(candidates?.changes ?? [], ({ service }) => service);
  const callees = Map.groupBy(topology.calls, ({ from }) => from);
  const strength = (id: string) => off.get(id)?.worst?.strength ?? 0;
  const services = topology.services.toSorted(
    (a, b) => strength(b.id) - strength(a.id) || (a.id < b.id ? -1 : 1),
  );
  const onsetMs = candidates?.onsetMs ?? null;
  return (
    <Group className="graph-table" tabIndex={0} label="Services as a table">
      <table className="table">
        <thead>
          <tr>
            <th>Service</th>
            <th>State</th>
            <th>Off since</th>
            <th>Changes</th>
            <th>Calls</th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ id, tier }) => {
            const worst = off.get(id)?.worst;
            const since = first.get(id);
            return (
              <tr key={id} aria-selected={id === selected ? true : undefined}>
                <td>
                  <button
                    type="button"
                    className="link"
                    onClick={() => onSelect(id === selected ? null : id)}
                  >
                    <Inert text={id} />
                  </button>
                  {tier !== null && <span className="muted"> tier {tier}</span>}
                </td>
                <td>
                  {(off.get(id) ?? NORMAL).word}
                  {worst && (
                    <span className="muted">
                      : <Inert text={worst.sentence} />
                    </span>
                  )}
                </td>
                <td>{since === undefined || onsetMs === null ? '–' : relativeTo(since, onsetMs, 'onset')}</td>
                <td>
                  <Changes of={changes.get(id) ?? []} />
                </td>
                <td className="muted">
                  <Inert text={(callees.get(id) ?? []).map(({ to }) => to).join(', ') || '–'} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Group>
  );
}

function Changes({ of }: { of: readonly ChangeCandidate[] }) {
  if (of.length === 0) return <span className="muted">–</span>;
  return (
    <ul>
      {of.slice(0, MOST_CHANGES).map(({ id, kind, title }) => {
        const Icon = CHANGE_ICONS[kind];
        return (
          <li key={id}>
            <Icon size={11} aria-hidden /> <span className="visually-hidden">{kind}: </span>
            <Inert text={title} />
          </li>
        );
      })}
      {of.length > MOST_CHANGES && <li className="muted">and {of.length - MOST_CHANGES} more</li>}
    </ul>
  );
}
