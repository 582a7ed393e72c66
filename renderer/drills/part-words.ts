import type { DebriefLine, ScorePart } from '../../shared/vocabulary/drill.ts';
import type { Tone } from '../ui/chip.tsx';
import { duration } from '../ui/words.ts';

export const PART_NAMES: Record<ScorePart['name'], string> = {
  cause: 'Found the cause',
  speed: 'Speed',
  mitigation: 'Mitigation',
  harm: 'No harm',
  decoys: 'No decoys',
};

/** What a line of the timeline turned out to be; nothing for most. */
export const WAS: Record<DebriefLine['was'], { word: string; tone: Tone } | null> = {
  plain: null,
  cause: { word: 'The cause', tone: 'accent' },
  decoy: { word: 'Harmless', tone: 'warn' },
  right: { word: 'Right', tone: 'good' },
  help: { word: 'Helped', tone: 'good' },
  harm: { word: 'Harm', tone: 'bad' },
};

/** Milliseconds from the moment the trouble began, as people say it. */
export const sinceBegan = (ms: number): string => (ms < 0 ? `${duration(-ms)} before` : duration(ms));
