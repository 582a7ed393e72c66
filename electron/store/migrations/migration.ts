/** One step of the schema. `version` counts from 1 without gaps; a published step is never edited, only followed. */
export type Migration = { readonly version: number; readonly sql: string };
