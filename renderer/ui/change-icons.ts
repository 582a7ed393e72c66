import { Flag, type LucideIcon, Rocket, Scaling, Server, Settings2, Shuffle } from 'lucide-react';
import type { ChangeKind } from '../../shared/vocabulary/kinds.ts';

export const CHANGE_ICONS: Readonly<Record<ChangeKind, LucideIcon>> = {
  deploy: Rocket,
  flag: Flag,
  config: Settings2,
  traffic: Shuffle,
  scale: Scaling,
  infrastructure: Server,
};
