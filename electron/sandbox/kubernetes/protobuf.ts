import { badRequest } from './status.ts';

/**
 * Bodies as kubectl's typed clients send them: protobuf within the envelope of the API ("Alternate representations of
 * resources" in the Kubernetes API concepts). Only the kinds that are created here are known, and of them only the
 * fields that matter; field numbers are those of the `generated.proto` files of Kubernetes 1.32.
 */
type Field = { name: string; of: 'text' | 'number' | Message; many?: true };
type Message = { readonly [number: number]: Field };

const text = (name: string): Field => ({ name, of: 'text' });
const within = (name: string, of: Message): Field => ({ name, of });

const metadata = within('metadata', {
  1: text('name'),
  3: text('namespace'),
  5: text('uid'),
  6: text('resourceVersion'),
});
const deleteOptions: Message = {
  1: { name: 'gracePeriodSeconds', of: 'number' },
  2: within('preconditions', { 1: text('uid'), 2: text('resourceVersion') }),
  5: { name: 'dryRun', of: 'text', many: true },
};
const resourceAttributes: Message = {
  1: text('namespace'),
  2: text('verb'),
  3: text('group'),
  4: text('version'),
  5: text('resource'),
  6: text('subresource'),
  7: text('name'),
};

const texts = (name: string): Field => ({ name, of: 'text', many: true });
const rules: Field = {
  name: 'rules',
  many: true,
  of: {
    1: texts('verbs'),
    2: texts('apiGroups'),
    3: texts('resources'),
    4: texts('resourceNames'),
    5: texts('nonResourceURLs'),
  },
};
const role: Message = { 1: metadata, 2: rules };
const binding: Message = {
  1: metadata,
  2: {
    name: 'subjects',
    many: true,
    of: { 1: text('kind'), 2: text('apiGroup'), 3: text('name'), 4: text('namespace') },
  },
  3: within('roleRef', { 1: text('apiGroup'), 2: text('kind'), 3: text('name') }),
};

const kinds: Readonly<Record<string, Message>> = {
  ClusterRole: role,
  ClusterRoleBinding: binding,
  DeleteOptions: deleteOptions,
  Eviction: { 1: metadata, 2: within('deleteOptions', deleteOptions) },
  Role: role,
  RoleBinding: binding,
  Scale: { 1: metadata, 2: within('spec', { 1: { name: 'replicas', of: 'number' } }) },
  SelfSubjectAccessReview: {
    2: within('spec', {
      1: within('resourceAttributes', resourceAttributes),
      2: within('nonResourceAttributes', { 1: text('path'), 2: text('verb') }),
    }),
  },
  SelfSubjectReview: {},
  SelfSubjectRulesReview: { 2: within('spec', { 1: text('namespace') }) },
  TokenRequest: {
    2: within('spec', { 1: texts('audiences'), 4: { name: 'expirationSeconds', of: 'number' } }),
  },
};

const magic = Buffer.from('k8s\0');
/** A field that must be kept as bytes until its own message is known. */
const rawNumber = 2;

export type Decoded = { [name: string]: string | number | Decoded | (string | Decoded)[] };

/** The object in a protobuf body; null for a kind that is not known here. */
export function decodeProtobuf(body: Buffer): Decoded | null {
  if (!body.subarray(0, magic.length).equals(magic)) throw unreadable();
  const envelope = body.subarray(magic.length);
  const type = read(envelope, { 1: within('typeMeta', { 1: text('apiVersion'), 2: text('kind') }) });
  const { apiVersion = '', kind = '' } = (type['typeMeta'] ?? {}) as { apiVersion?: string; kind?: string };
  if (!Object.hasOwn(kinds, kind)) return null;
  const raw = [...fieldsOf(envelope)].find(({ number }) => number === rawNumber)?.value;
  return { apiVersion, kind, ...read(raw instanceof Buffer ? raw : Buffer.alloc(0), kinds[kind] ?? {}) };
}

function read(bytes: Buffer, message: Message): Decoded {
  const object: Decoded = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message[number];
    if (!field) continue;
    const { name, of, many } = field;
    if ((of === 'number') !== (typeof value === 'number')) throw unreadable();
    if (typeof value === 'number' || of === 'number') object[name] = Number(value);
    else {
      const one = of === 'text' ? value.toString('utf8') : read(value, of);
      const before = object[name];
      object[name] = many ? [...(Array.isArray(before) ? before : []), one] : one;
    }
  }
  return object;
}

/** The fields of a message as they are on the wire (protobuf encoding, "Message Structure"). */
function* fieldsOf(bytes: Buffer): Generator<{ number: number; value: number | Buffer }> {
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw unreadable();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw unreadable();
  };
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw unreadable();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    const value = wire === 0 ? varint() : take(wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : -1);
    yield { number: tag >>> 3, value };
  }
}

const unreadable = () => badRequest('the body of the request is no valid protobuf');
