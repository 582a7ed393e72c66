import { useState } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { DenialDay, Denials } from '../../shared/vocabulary/weekly-review.ts';
import { call } from '../state/call.ts';
import { useRead } from '../state/use-read.ts';
import { WhenRead } from '../ui/panel-states.tsx';
import { counted } from '../ui/words.ts';
import { useSettled } from './use-settled.ts';

const SPANS = [14, 30, 90];

/** How often the guard and people said no, day by day. `size` of the ledger: it is read again when that grew. */
export function DenialsChart({ realm, size }: { realm: Realm; size: number }) {
  const [days, setDays] = useState(30);
  const counts = useRead(
    `${realm} ${days}`,
    () => call('ledger.denials', { realm, days }),
    useSettled(size, SETTLED_MS),
  );
  return (
    <section className="box denials" aria-label="Denials">
      <div className="ledger-sentence">
        <h2 className="section-title">Denials</h2>
        <div className="denials-links">
          <a href="#/envelope">What was allowed on a date</a>
          <select
            className="input"
            aria-label="Days"
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            {SPANS.map((span) => (
              <option key={span} value={span}>
                {span} days
              </option>
            ))}
          </select>
        </div>
      </div>
      <WhenRead of={counts} loading="Counting the denials" failed="The denials could not be counted">
        {(found) => <Chart {...found} />}
      </WhenRead>
    </section>
  );
}

/** A ledger that grows in bursts is counted once when it rests. */
const SETTLED_MS = 1_000;

function Chart({ days, isCut }: Denials) {
  const guard = days.reduce((sum, { byGuard }) => sum + byGuard, 0);
  const people = days.reduce((sum, { byPeople }) => sum + byPeople, 0);
  const most = Math.max(1, ...days.map(({ byGuard, byPeople }) => byGuard + byPeople));
  const words = `${counted(guard, 'denial')} by the guard and ${people} by people in ${days.length} days, at most ${most} in a day`;
  return (
    <>
      <p className="muted">
        {guard + people === 0 ? (
          `Nothing was denied in ${days.length} days.`
        ) : (
          <>
            <span className="denials-key denials-guard" aria-hidden /> {counted(guard, 'denial')} by the guard{' '}
            <span className="denials-key denials-people" aria-hidden /> {people} by people
            {isCut && ', and more in the first of these days than are counted at once'}
          </>
        )}
      </p>
      {guard + people > 0 && (
        <>
          <div className="denials-bars" role="img" aria-label={words}>
            {days.map((day) => (
              <Bar key={day.fromMs} day={day} most={most} />
            ))}
          </div>
          <div className="denials-axis" aria-hidden>
            <span>{dayOf(days[0])}</span>
            <span>highest day: {most}</span>
            <span>{dayOf(days.at(-1))} (UTC)</span>
          </div>
        </>
      )}
    </>
  );
}

function Bar({ day, most }: { day: DenialDay; most: number }) {
  const { byGuard, byPeople } = day;
  const share = (count: number) => ({ height: `${(100 * count) / most}%` });
  return (
    <span className="denials-day" title={`${dayOf(day)}: guard ${byGuard}, people ${byPeople}`}>
      <span className="denials-people" style={share(byPeople)} />
      <span className="denials-guard" style={share(byGuard)} />
    </span>
  );
}

const dayOf = (day: DenialDay | undefined): string =>
  day === undefined ? '' : new Date(day.fromMs).toISOString().slice(0, 10);
