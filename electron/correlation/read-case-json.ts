/**
 * Cuts one large JSON object into its members, and chosen arrays among them into their elements, as its bytes arrive. What is
 * cut out is left to `JSON.parse`; nothing is kept but the piece at hand. The cutter itself knows only as much of JSON
 * (RFC 8259) as it takes to tell where a value ends.
 */
export type JsonPieces = {
  /** Arrays that are handed over element by element. */
  inElements: ReadonlySet<string>;
  onMember(key: string, text: string): void;
  onElement(key: string, index: number, text: string): void;
  /** An array in elements begins: also an empty one is there. */
  onArray(key: string): void;
};

/** Why reading cannot go on, and where. `syntax`: it is not JSON; `content`: it is, but not what is expected there. */
export class JsonFault extends Error {
  readonly kind: 'syntax' | 'content';
  readonly place: string;
  constructor(kind: JsonFault['kind'], place: string, because: string) {
    super(because);
    this.name = 'JsonFault';
    this.kind = kind;
    this.place = place;
  }
}

type Limits = { mostDepth: number; mostPieceBytes: number };
type Expected =
  | 'object'
  | 'first key'
  | 'key'
  | 'colon'
  | 'value'
  | 'first element'
  | 'element'
  | 'after element'
  | 'after member'
  | 'nothing';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export function jsonCutter(pieces: JsonPieces, { mostDepth, mostPieceBytes }: Limits) {
  let expected: Expected = 'object';
  let read = 0;
  let key = '';
  let index = 0;
  /** The piece at hand: its bytes of earlier chunks, and how deep within it the reading is. */
  let isInPiece = false;
  let isText = false;
  let isEscaped = false;
  let depth = 0;
  let kept: Buffer[] = [];
  let keptBytes = 0;

  const place = (): string => {
    if (expected === 'element' || expected === 'first element') return `${key}[${index}]`;
    return expected === 'value' ? key : 'the document';
  };
  const fault = (because: string, kind: JsonFault['kind'] = 'syntax'): never => {
    throw new JsonFault(kind, place(), because);
  };

  /** Reads on within a piece from `at`; the place after its end, or -1 when the chunk ends first. */
  function endOfPiece(chunk: Buffer, at: number): number {
    for (let place = at; place < chunk.length; place += 1) {
      const byte = chunk[place] ?? 0;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isText = false;
          if (depth === 0) return place + 1;
        }
      } else if (byte === QUOTE) isText = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        depth += 1;
        if (depth > mostDepth) fault(`it is nested more than ${mostDepth} deep`, 'content');
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        // The end of what the piece stands in also ends a bare number or word.
        if (depth === 0) return place;
        depth -= 1;
        if (depth === 0) return place + 1;
      } else if (depth === 0 && (byte === COMMA || byte === COLON || isSpace(byte))) return place;
    }
    return -1;
  }

  function keep(bytes: Buffer): void {
    keptBytes += bytes.length;
    if (keptBytes > mostPieceBytes)
      fault(`it alone is larger than ${Math.floor(mostPieceBytes / 1024 / 1024)} MiB`, 'content');
    kept.push(bytes);
  }

  function finish(): void {
    const text = (kept.length === 1 ? kept[0] : Buffer.concat(kept))?.toString('utf8') ?? '';
    kept = [];
    keptBytes = 0;
    isInPiece = false;
    if (expected === 'first key' || expected === 'key') {
      key = keyOf(text) ?? fault('the name of a member is no text');
      expected = 'colon';
    } else if (expected === 'value') {
      pieces.onMember(key, text);
      expected = 'after member';
    } else {
      pieces.onElement(key, index, text);
      index += 1;
      expected = 'after element';
    }
  }

  /** One byte between pieces; true when it begins one. */
  function between(byte: number): boolean {
    switch (expected) {
      case 'object':
        if (byte !== OPEN_OBJECT) return fault('Invalid input: expected object', 'content');
        expected = 'first key';
        return false;
      case 'first key':
        if (byte !== CLOSE_OBJECT) return beginsText(byte);
        expected = 'nothing';
        return false;
      case 'key':
        return beginsText(byte);
      case 'colon':
        if (byte !== COLON) return fault(`there is no colon after ${key}`);
        expected = 'value';
        return false;
      case 'value':
        if (byte !== OPEN_ARRAY || !pieces.inElements.has(key)) return true;
        pieces.onArray(key);
        index = 0;
        expected = 'first element';
        return false;
      case 'first element':
        if (byte !== CLOSE_ARRAY) return true;
        expected = 'after member';
        return false;
      case 'element':
        return true;
      case 'after element':
        if (byte === COMMA) expected = 'element';
        else if (byte === CLOSE_ARRAY) expected = 'after member';
        else fault(`there is no comma after ${key}[${index - 1}]`);
        return false;
      case 'after member':
        if (byte === COMMA) expected = 'key';
        else if (byte === CLOSE_OBJECT) expected = 'nothing';
        else fault(`there is no comma after ${key}`);
        return false;
      case 'nothing':
        return fault('more follows after its end');
    }
  }

  const beginsText = (byte: number): boolean => byte === QUOTE || fault('the name of a member is no text');

  return {
    push(chunk: Buffer): void {
      let at = 0;
      while (at < chunk.length) {
        if (!isInPiece) {
          const byte = chunk[at] ?? 0;
          // Not JSON, yet some exporters write it first.
          const isMark = read + at < BYTE_ORDER_MARK.length && byte === BYTE_ORDER_MARK[read + at];
          if (isMark || isSpace(byte) || !between(byte)) {
            at += 1;
            continue;
          }
          isInPiece = true;
          depth = 0;
        }
        const end = endOfPiece(chunk, at);
        if (end === at && keptBytes === 0) fault('a value is missing');
        keep(chunk.subarray(at, end < 0 ? undefined : end));
        if (end < 0) break;
        finish();
        at = end;
      }
      read += chunk.length;
    },
    /** @throws JsonFault when the object has not ended. */
    end(): void {
      if (expected !== 'nothing') fault(read === 0 ? 'it is empty' : 'it ends too early');
    },
  };
}

function keyOf(text: string): string | null {
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === 'string' ? key : null;
  } catch {
    return null;
  }
}
