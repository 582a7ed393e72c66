import { Option } from 'commander';
import { Realm } from '../../shared/vocabulary/ids.ts';

/** `--realm real|drill`. */
export const realmOption = () => new Option('--realm <realm>', 'which log').choices(Realm.options);
