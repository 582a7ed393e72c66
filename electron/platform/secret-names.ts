/** Whether what bears this name is likely a secret: its value must not travel to the timeline, the model or the ledger. */
export const namesSecret = (name: string): boolean =>
  /pass|secret|token|key|credential|auth|dsn|private/i.test(name);

/** Whether a value is likely a secret by its name, or because it is an address with credentials in it. */
export const isSecret = (name: string, value: string | null): boolean =>
  namesSecret(name) || /:\/\/[^/\s]*@/.test(value ?? '');

/** What is shown in the place of a value that is not. */
export const HIDDEN = '(hidden)';
