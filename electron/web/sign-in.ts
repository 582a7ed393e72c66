import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Who may speak to the host. A one-time token, printed where only the person who started Countersign reads, is swapped
 * for the token of one tab. Cookies would not do: they ignore ports, so every other server on loopback would be sent
 * ours and could set its own.
 *
 * INVARIANT: tokens are kept only as digests and compared in constant time; at most one unused one-time token is good.
 */
export type SignIn = {
  /** A new one-time token; an older unused one is void from now on. */
  newToken(): string;
  /** The token of a tab, or undefined when the one-time token is wrong, void or used. */
  exchange(token: string): string | undefined;
  /** Whether the tab is signed in. Asking counts as use and moves its expiry. */
  isSignedIn(tab: string): boolean;
  /** The same, but only looking. */
  holds(tab: string): boolean;
};

export function signIn({ now, idleMs }: { now: () => number; idleMs: number }): SignIn {
  let oneTime: Buffer | null = null;
  let tabs: Tab[] = [];

  function find(token: string): Tab | undefined {
    tabs = tabs.filter(({ usedMs }) => now() - usedMs < idleMs);
    const digest = digestOf(token);
    // Every tab is compared, so that the time tells nothing about which one matched.
    return tabs.filter((tab) => timingSafeEqual(tab.digest, digest))[0];
  }

  return {
    newToken() {
      const token = newSecret();
      oneTime = digestOf(token);
      return token;
    },
    exchange(token) {
      if (oneTime === null || !timingSafeEqual(oneTime, digestOf(token))) return undefined;
      oneTime = null;
      const tab = newSecret();
      tabs.push({ digest: digestOf(tab), usedMs: now() });
      return tab;
    },
    isSignedIn(token) {
      const tab = find(token);
      if (tab) tab.usedMs = now();
      return tab !== undefined;
    },
    holds: (token) => find(token) !== undefined,
  };
}

type Tab = { digest: Buffer; usedMs: number };

const TOKEN_BYTES = 32;
const newSecret = () => randomBytes(TOKEN_BYTES).toString('base64url');
const digestOf = (token: string) => createHash('sha256').update(token).digest();
