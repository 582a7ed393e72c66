import type { Event, FieldDiff } from '../../../shared/vocabulary/event.ts';

const MOST_FIELDS = 4;
const MOST_CHARACTERS = 120;

/** What a change changed, short enough for a list of many: whole values are what `read_change` and `read_rollout` tell. */
export function briefDiff(event: Event | undefined): { diff?: FieldDiff[] } {
  if (event?.kind !== 'change' || !event.diff) return {};
  return {
    diff: event.diff.slice(0, MOST_FIELDS).map(({ path, before, after }) => ({
      path: brief(path),
      before: before === null ? null : brief(before),
      after: after === null ? null : brief(after),
    })),
  };
}

const brief = (text: string) => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
