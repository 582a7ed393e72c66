import type { Envelope } from '../../../shared/formats/envelope.ts';
import type { PolicyText } from '../cedar/policy-text.ts';
import type { PreparedPolicies } from '../cedar/prepare-policies.ts';
import type { PreparedWindows } from '../windows/prepared-windows.ts';

/** An envelope as the guard holds it, made of bytes that were read once: what is judged is what was read. */
export type LoadedEnvelope = {
  envelope: Envelope;
  policies: PolicyText[];
  /** The Cedar schema's text. */
  schema: string;
  prepared: PreparedPolicies;
  windows: PreparedWindows;
  /** Lower-case hex SHA-256 that every verdict names. */
  digest: string;
  /** Every file by its path inside the folder, with `/`. */
  files: Record<string, string>;
  dir: string;
};

/** What the guard judges by; without an envelope in force it denies everything and says why. */
export type EnvelopeInForce =
  | { kind: 'in-force'; loaded: LoadedEnvelope }
  | { kind: 'none'; because: string };
