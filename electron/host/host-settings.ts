import { userInfo } from 'node:os';
import { z } from 'zod';
import { LockAfterMinutes } from '../../shared/vocabulary/identity.ts';
import { Theme } from '../../shared/vocabulary/status.ts';
import type { Ledger } from '../ledger/log.ts';
import type { settingRepository } from '../store/setting-repository.ts';

const PERSON = 'person';
const THEME = 'theme';
const LOCK_AFTER = 'lock-after-minutes';
const LOCK_AFTER_MINUTES = 15;

/** What one installation remembers of its person. */
export function hostSettings(
  repository: ReturnType<typeof settingRepository>,
  ledger: () => Ledger,
  onChange: () => void,
) {
  const person = (): string => repository.get(PERSON, z.string().min(1)) ?? loginName();
  return {
    /** The named human who decides here; until told otherwise, the one who is logged in. */
    person,
    setPerson(name: string): void {
      const before = person();
      ledger().record(
        { kind: 'setting', actor: { kind: 'person', name: before }, body: { person: name } },
        () => repository.put(PERSON, name),
      );
      onChange();
    },
    /** After how long without input from the person everything locks. */
    lockAfterMinutes: (): number => repository.get(LOCK_AFTER, LockAfterMinutes) ?? LOCK_AFTER_MINUTES,
    setLockAfter(minutes: number, by: string): void {
      ledger().record(
        { kind: 'setting', actor: { kind: 'person', name: by }, body: { lockAfterMinutes: minutes } },
        () => repository.put(LOCK_AFTER, minutes),
      );
      onChange();
    },
    theme: (): Theme => repository.get(THEME, Theme) ?? 'system',
    setTheme(theme: Theme): void {
      repository.put(THEME, theme);
      onChange();
    },
  };
}

function loginName(): string {
  try {
    return userInfo().username || 'operator';
  } catch {
    // Some containers run under a user that no name belongs to.
    return 'operator';
  }
}
