import {
  Activity,
  Bell,
  Box,
  Flag,
  Frown,
  Gavel,
  HeartPulse,
  Lightbulb,
  type LucideIcon,
  MessageSquareText,
  OctagonX,
  Play,
  Rocket,
  Scaling,
  ScrollText,
  Server,
  Settings2,
  Shuffle,
  Siren,
  Stamp,
  TriangleAlert,
} from 'lucide-react';
import type { Event, SignalEvent } from '../../shared/vocabulary/event.ts';
import type { ChangeKind } from '../../shared/vocabulary/kinds.ts';

export type KindLook = { icon: LucideIcon; word: string };

const SIGNALS: Record<SignalEvent['sort'], KindLook> = {
  alert: { icon: Bell, word: 'Alert' },
  metric: { icon: Activity, word: 'Anomaly' },
  log: { icon: ScrollText, word: 'Log' },
  kubernetes: { icon: Box, word: 'Kubernetes' },
  symptom: { icon: Frown, word: 'Symptom' },
};

const CHANGES: Record<ChangeKind, KindLook> = {
  deploy: { icon: Rocket, word: 'Deploy' },
  flag: { icon: Flag, word: 'Flag' },
  config: { icon: Settings2, word: 'Config' },
  traffic: { icon: Shuffle, word: 'Traffic' },
  scale: { icon: Scaling, word: 'Scale' },
  infrastructure: { icon: Server, word: 'Infrastructure' },
};

const RECORDS: Record<Extract<Event, { kind: 'record' }>['sort'], KindLook> = {
  hypotheses: { icon: Lightbulb, word: 'Hypotheses' },
  proposal: { icon: Stamp, word: 'Proposal' },
  decision: { icon: Gavel, word: 'Decision' },
  execution: { icon: Play, word: 'Execution' },
  outcome: { icon: HeartPulse, word: 'Outcome' },
  escalation: { icon: TriangleAlert, word: 'Escalation' },
  stop: { icon: OctagonX, word: 'Stop' },
  incident: { icon: Siren, word: 'Incident' },
};

/** The icon and the word of an event; the lane's colour only repeats them. */
export function kindLook(event: Event): KindLook {
  switch (event.kind) {
    case 'signal':
      return SIGNALS[event.sort];
    case 'change':
      return CHANGES[event.change];
    case 'note':
      return { icon: MessageSquareText, word: 'Note' };
    case 'record':
      return RECORDS[event.sort];
    default:
      return event satisfies never;
  }
}
