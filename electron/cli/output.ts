import { inertJson, inertText } from '../../shared/formats/inert-text.ts';

/**
 * How the command line speaks; its exit codes are documented in the README. INVARIANT: nothing that a terminal acts on
 * reaches it, whoever wrote the text: escapes and other characters that steer are written out.
 */
export const out = (text: string) => document(`${text}\n`);
export const json = (value: unknown) => jsonText(`${JSON.stringify(value, null, 2)}\n`);

/** A text that ends by itself. */
export const document = (text: string) => process.stdout.write(inertText(text));
export const jsonText = (text: string) => process.stdout.write(inertJson(text));
/** Beside what was asked for, not among it. */
export const aside = (text: string) => process.stderr.write(`${inertText(text)}\n`);

export const DOES_NOT_HOLD = 1;
export const WRONG_USAGE = 2;
