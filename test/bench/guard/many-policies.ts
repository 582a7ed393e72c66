import { loadFrom } from '../../../electron/guard/envelope/load-envelope.ts';
import type { LoadedEnvelope } from '../../../electron/guard/envelope/loaded-envelope.ts';
import { prepareWindows } from '../../../electron/guard/windows/prepared-windows.ts';
import { Envelope } from '../../../shared/formats/envelope.ts';

/**
 * The envelope that ships, with policies of our own up to a number. `about` what they are: each about one action, one
 * action after the other, as people write them; or all about every request, so that none can be set aside. Windows that
 * hold sometimes are in it, too.
 */
export function envelopeWith(
  policies: number,
  shipped: LoadedEnvelope,
  about: 'one action each' | 'every request' = 'every request',
): LoadedEnvelope {
  const { actions } = shipped.prepared;
  const action = (at: number) =>
    about === 'every request' ? 'action' : `action == Action::"${actions[at % actions.length]}"`;
  const files = new Map(Object.entries(shipped.files));
  const more = Array.from({ length: Math.max(0, policies - shipped.policies.length) }, (_none, at) =>
    at % 4 === 0
      ? `@id("permit-${at}") permit (principal, ${action(at)}, resource) when { resource.environment == "production" && resource.namespace like "team-${at}-*" && context.confidencePercent >= ${at % 90} };`
      : `@id("forbid-${at}") @reason("reason ${at}") forbid (principal, ${action(at)}, resource) when { resource.service == "service-${at}" && context.executionsOnService > ${at % 7} && !context.backsOut };`,
  );
  files.set('policies/90-bench.cedar', more.join('\n'));
  const loaded = loadFrom(files, 'bench', 'c'.repeat(64));
  const envelope = Envelope.parse({ ...loaded.envelope, windows });
  return { ...loaded, envelope, windows: prepareWindows(envelope) };
}

const windows = [
  {
    name: 'nightly',
    kind: 'backup',
    timeZone: 'Europe/Berlin',
    starts: '2026-01-01T02:00:00',
    lasts: 'PT1H',
    rrule: 'FREQ=DAILY',
  },
  {
    name: 'year-end',
    kind: 'freeze',
    timeZone: 'America/New_York',
    starts: '2025-12-20T00:00:00',
    lasts: 'P14D',
    rrule: 'FREQ=YEARLY',
  },
  {
    name: 'weekend',
    kind: 'freeze',
    timeZone: 'Asia/Tokyo',
    starts: '2026-01-03T00:00:00',
    lasts: 'P2D',
    rrule: 'FREQ=WEEKLY;BYDAY=SA',
    environments: ['production'],
  },
] as const;
