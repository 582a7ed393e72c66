import { deny, pass, type Rule } from '../rule.ts';

/** What keeps data is left alone while it is backed up or frozen, by whoever and for whatever reason. */
export const dataSafe: Rule = ({ keepsData, backupRunning, windows: { backup, freeze } }) => {
  if (!keepsData) return pass('it keeps no data');
  if (backupRunning !== null) return deny(`it keeps data, and ${backupRunning} is backing it up`);
  if (backup) {
    return deny(`it keeps data, inside the backup window ${backup.name} until ${isoOf(backup.untilMs)}`);
  }
  if (freeze) return deny(`it keeps data, inside the freeze ${freeze.name} until ${isoOf(freeze.untilMs)}`);
  return pass('it keeps data, and nothing backs it up');
};

const isoOf = (ms: number) => new Date(ms).toISOString();
