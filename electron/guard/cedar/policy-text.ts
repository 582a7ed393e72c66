/** One policy of the envelope. `id` is its `@id` annotation, and the name by which a verdict refers to it. */
export type PolicyText = { id: string; text: string; file: string };
