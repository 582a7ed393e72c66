import { z } from 'zod';

/** The person whose key was made with the installation; every other has an id of their own. */
export const FIRST_IDENTITY = 'first';
export const IdentityId = z.string().regex(/^(first|idn-[0-9A-Za-z]{8,64})$/, 'the id of an identity');
export type IdentityId = z.infer<typeof IdentityId>;

/** `new`: no passphrase was chosen yet. `locked`: it must be given before anything real is approved. */
export const IdentityState = z.enum(['new', 'locked', 'open']);
export type IdentityState = z.infer<typeof IdentityState>;

/** Who is at the controls, as everybody needs to know it. */
export const CurrentIdentity = z.strictObject({
  id: IdentityId,
  name: z.string(),
  state: IdentityState,
  /** False where the keychain of the system opens it without asking. */
  asksPassphrase: z.boolean(),
});
export type CurrentIdentity = z.infer<typeof CurrentIdentity>;

/** Who decides here, by name and key. */
export const Identity = CurrentIdentity.extend({
  /** Base64 Ed25519; null while it is not known, before the vault was opened once. */
  publicKey: z.string().nullable(),
  /** Whether the log of real incidents accepts decisions of this key. */
  admitted: z.boolean(),
});
export type Identity = z.infer<typeof Identity>;

/** Without input from the person. */
export const LockAfterMinutes = z.number().int().min(1).max(480);

export const Identities = z.strictObject({
  identities: z.array(Identity),
  current: IdentityId,
  lockAfterMinutes: LockAfterMinutes,
});
export type Identities = z.infer<typeof Identities>;

/** A passphrase as a person types it; what it opens is checked elsewhere. */
export const Passphrase = z.string().min(8, 'at least 8 characters').max(1_000);
