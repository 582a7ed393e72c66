import { asMembers, asText, evidence } from '../evidence.ts';
import type { WhatWasRead } from '../what-was-read.ts';
import type { ArgumentOf } from './argument.ts';

/** What is left of a change that came when its own service alerted already, and of one whose callers did. */
const OWN = 0.1;
const CALLERS = 0.4;

/** No change is the cause of an alarm that was true before it. */
export const cameAfterTheAlarm: ArgumentOf = (change, read) => {
  const alarms = earliestAlarms(read);
  const own = alarms.get(change.service);
  if (own && own.at < change.at) return argue(own, OWN);
  const callers = (read.neighbours.get(change.service)?.neighbours ?? []).filter(
    ({ side }) => side === 'caller',
  );
  const felt = callers
    .flatMap(({ service }) => alarms.get(service) ?? [])
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const [first] = felt;
  return first && first.at < change.at ? argue(first, CALLERS) : null;

  function argue({ key, at, title, service }: Alarm, times: number) {
    if (!read.signals) return null;
    const [cited] = evidence(
      `“${title}” was true at ${at.slice(11, 19)} already, before this came`,
      read.signals,
      [asMembers({ key, at }), asText(title)],
      [change.id, key],
    );
    return cited && service ? { times, evidence: cited } : null;
  }
};

type Alarm = NonNullable<WhatWasRead['signals']>['events'][number];

/** The first alarm of each service, of those that were listed. */
function earliestAlarms({ signals }: WhatWasRead): Map<string, Alarm> {
  const first = new Map<string, Alarm>();
  for (const event of signals?.events ?? []) {
    if (event.sort !== 'alert' || event.service === null) continue;
    const known = first.get(event.service);
    if (!known || event.at < known.at) first.set(event.service, event);
  }
  return first;
}
