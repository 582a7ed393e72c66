/** The package has no types of its own; this is the part that is used (its README, "Options"). */
declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom';

  export type RollOptions = Omit<SonicBoomOpts, 'dest' | 'fd'> & {
    /** Without number and extension, which are added. */
    file: string;
    extension?: string;
    /** Such as `10m`. */
    size?: string;
    /** How many files beside the current one stay. */
    limit?: { count: number; removeOtherLogFiles?: boolean };
  };
  export default function openRolled(options: RollOptions): Promise<SonicBoom>;
}
