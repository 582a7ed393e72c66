import type { AnalystBudget } from '../../shared/vocabulary/analyst.ts';
import { Meter } from '../ui/meter.tsx';
import { countOf, duration } from '../ui/words.ts';

type Part = { name: string; used: number; limit: number; told(value: number): string };

/** What a run has used of what it may, live. What is not counted says so, rather than showing a zero. */
export function Budget({ budget: { turns, reads, tokens, usd, wallMs } }: { budget: AnalystBudget }) {
  const parts: Part[] = [
    { name: 'Turns', ...turns, told: countOf },
    { name: 'Reads', ...reads, told: countOf },
    { name: 'Time', ...wallMs, told: duration },
    ...(tokens ? [{ name: 'Tokens', ...tokens, told: inThousands }] : []),
    ...(usd ? [{ name: 'Money', ...usd, told: (value: number) => `$${value.toFixed(2)}` }] : []),
  ];
  return (
    <dl className="budget" aria-label="Budget">
      {parts.map(({ name, used, limit, told }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {told(used)} of {told(limit)}
            <Meter most={limit || 1} value={used} label={`${name} used`} />
          </dd>
        </div>
      ))}
      {tokens && !usd && (
        <div>
          <dt>Money</dt>
          <dd className="muted">unknown: no price is set for this model</dd>
        </div>
      )}
    </dl>
  );
}

const inThousands = (value: number): string =>
  value < 10_000 ? countOf(value) : `${countOf(Math.round(value / 1_000))} k`;
