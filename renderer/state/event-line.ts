import { quickParse } from '../../shared/bridge/quick-check.ts';
import { type EventFront, frontOf } from '../../shared/formats/event-json.ts';
import { Event, type EventKind } from '../../shared/vocabulary/event.ts';
import type { EventPage } from '../../shared/vocabulary/event-page.ts';

/**
 * An event as a list holds it: where it stands and its kind, which is all that a hundred thousand are asked for at once. The
 * rest is read, and checked, when somebody looks at it for the first time.
 */
export class EventLine {
  readonly key: string;
  readonly atMs: number;
  readonly kind: EventKind;
  /** Text is JSON that nobody has looked at yet. */
  private held: Event | string | null;

  constructor({ key, atMs, kind }: EventFront, held: Event | string) {
    this.key = key;
    this.atMs = atMs;
    this.kind = kind;
    this.held = held;
  }

  /** Null when what the host holds is nothing that this screen understands. */
  get event(): Event | null {
    if (typeof this.held === 'string') this.held = eventIn(this.held);
    return this.held;
  }
}

export const lineOf = (event: Event): EventLine => new EventLine(event, event);

/** The lines of a page, unread. @throws Error when one does not even say when it happened and of what kind it is. */
export const linesIn = ({ jsonLines }: EventPage): EventLine[] =>
  jsonLines === '' ? [] : jsonLines.split('\n').map(lineIn);

function lineIn(json: string): EventLine {
  const front = frontOf(json);
  if (front) return new EventLine(front, json);
  const event = eventIn(json);
  if (!event) throw new Error('Countersign sent events that this screen does not understand.');
  return lineOf(event);
}

const parse = quickParse(Event);

function eventIn(json: string): Event | null {
  try {
    return parse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}
