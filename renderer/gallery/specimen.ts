import type { ReactNode } from 'react';

/** One component of renderer/ui in every state it can have. */
export type Specimen = {
  /** As it is exported. */
  component: string;
  states: readonly { name: string; shown: ReactNode }[];
};
