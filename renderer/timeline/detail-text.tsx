import type { Event } from '../../shared/vocabulary/event.ts';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';
import { significant } from '../ui/words.ts';
import { detailParts } from './samples-in.ts';

/** What a source told of an event; samples in it rounded and in local time, as everywhere else on the screen. */
export function DetailText({ event }: { event: Event }) {
  return detailParts(event).map((part) =>
    'text' in part ? (
      <p key={part.text}>
        <Inert text={part.text} lines />
      </p>
    ) : (
      <table key={part.samples[0]?.atMs} className="samples">
        <thead>
          <tr>
            <th>Time</th>
            <th>Value</th>
          </tr>
        </thead>
        <tbody>
          {part.samples.map(({ atMs, value }) => (
            <tr key={atMs}>
              <td>
                <Time atMs={atMs} />
              </td>
              <td title={String(value)}>{significant(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    ),
  );
}
