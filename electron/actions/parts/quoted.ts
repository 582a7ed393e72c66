/**
 * One argument of a command as a POSIX shell reads it back whole (XCU 2.2.2, single quotes). Commands are shown for people
 * to read or to type; nothing here runs one.
 */
export const quoted = (argument: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

/** A command of whole arguments, each quoted where it must be. */
export const commandOf = (...argv: string[]): string => argv.map(quoted).join(' ');
