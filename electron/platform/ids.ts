import { randomBytes } from 'node:crypto';

/** Ids as a port, so that tests can name what they make. */
export type Ids = (prefix: string) => string;

/** `<prefix>-<10 base32 characters>`: 50 random bits, readable aloud (no i, l, o, u). */
export const randomIds: Ids = (prefix) => `${prefix}-${encode(randomBytes(10))}`;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const encode = (bytes: Buffer) => Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
