import { Realm } from '../../shared/vocabulary/ids.ts';
import { Severity } from '../../shared/vocabulary/incident.ts';
import { Button } from '../ui/button.tsx';
import { countOf } from '../ui/words.ts';
import { ANY, type IncidentFilter } from './incident-filter.ts';

type Filters = {
  filter: IncidentFilter;
  onChange(filter: IncidentFilter): void;
  found: number;
  of: number;
  isFiltered: boolean;
};

/** Search and filters over all incidents, and how many are like that. */
export function IncidentFilters({ filter, onChange, found, of, isFiltered }: Filters) {
  const change = (part: Partial<IncidentFilter>) => {
    const next = { ...filter, ...part };
    const isAny = next.text === '' && next.severity === null && next.realm === null && next.cause === null;
    onChange(isAny ? ANY : next);
  };
  return (
    <search className="incident-filters">
      <input
        type="search"
        className="input incident-search"
        aria-label="Search incidents"
        placeholder="Title, service, cause or commander"
        autoComplete="off"
        spellCheck={false}
        maxLength={300}
        value={filter.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      <select
        className="input"
        aria-label="Severity"
        value={filter.severity ?? ''}
        onChange={(event) => change({ severity: Severity.safeParse(event.target.value).data ?? null })}
      >
        <option value="">Any severity</option>
        {Severity.options.map((one) => (
          <option key={one} value={one}>
            {one.toUpperCase()}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label="Real or drill"
        value={filter.realm ?? ''}
        onChange={(event) => change({ realm: Realm.safeParse(event.target.value).data ?? null })}
      >
        <option value="">Real and drills</option>
        <option value="real">Real incidents</option>
        <option value="drill">Drills</option>
      </select>
      <select
        className="input"
        aria-label="Cause"
        value={filter.cause ?? ''}
        onChange={(event) => change({ cause: causeOf(event.target.value) })}
      >
        <option value="">Any cause</option>
        <option value="confirmed">Cause confirmed</option>
        <option value="unconfirmed">Cause not confirmed</option>
      </select>
      <span className="muted" role="status">
        {isFiltered && `${countOf(found)} of ${countOf(of)}`}
      </span>
      {isFiltered && (
        <Button small look="quiet" onClick={() => onChange(ANY)}>
          Show all
        </Button>
      )}
    </search>
  );
}

const causeOf = (value: string): IncidentFilter['cause'] =>
  value === 'confirmed' || value === 'unconfirmed' ? value : null;
