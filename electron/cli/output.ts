/** How the command line speaks; its exit codes are documented in the README. */
export const out = (text: string) => process.stdout.write(`${text}\n`);
export const json = (value: unknown) => out(JSON.stringify(value, null, 2));

export const DOES_NOT_HOLD = 1;
export const WRONG_USAGE = 2;
