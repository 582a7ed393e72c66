/** The colour of what stands at an instant in a chart. */
export const TONES = { onset: '--bad', change: '--change', action: '--record' } as const;
