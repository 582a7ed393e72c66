/** A member by a name that came from outside: `constructor` and `__proto__` are names like any other, and of no meaning. */
export const ownMember = <T>(
  members: Readonly<Record<string, T>> | null | undefined,
  name: string,
): T | undefined => (members && Object.hasOwn(members, name) ? members[name] : undefined);
