/** Whether what bears this name is likely a secret: its value must not travel to the timeline, the model or the ledger. */
export const namesSecret = (name: string): boolean =>
  /pass|secret|token|key|credential|auth|dsn|private/i.test(name);

/** Whether a value is likely a secret by its name, or because it is an address with credentials in it. */
export const isSecret = (name: string, value: string | null): boolean =>
  namesSecret(name) || /:\/\/[^/\s]*@/.test(value ?? '');

/** What is shown in the place of a value that is not. */
export const HIDDEN = '(hidden)';

/** A text that somebody wrote, without what likely is a secret in it: values behind such names, and credentials in addresses. */
export const withoutSecrets = (text: string): string =>
  text
    .replaceAll(/(:\/\/)[^/\s@]{1,200}@/g, `$1${HIDDEN}@`)
    .replaceAll(
      /([\w-]{0,60}(?:pass|secret|token|key|credential|auth|dsn|private)[\w-]{0,60}["']?\s{0,3}[=:]\s{0,3})((?:bearer|basic)\s+\S+|"[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
      `$1${HIDDEN}`,
    );
