import { z } from 'zod';
import { readTool } from './read-tool.ts';

const MOST_PASSAGES = 8;
const MOST_CHARACTERS = 2_000;

export const searchRunbooks = readTool({
  name: 'search_runbooks',
  purpose:
    "Search the team's own runbooks (Markdown in the folder `runbooks` of the data directory) for sections with these words, best first.",
  source: 'runbooks',
  outsider: [],
  input: z.strictObject({ text: z.string().min(1).max(200) }),
  output: z.object({
    /** How many runbooks there are to search. */
    held: z.number(),
    passages: z.array(z.object({ file: z.string(), heading: z.string(), text: z.string() })),
  }),
  async run({ text }, { runbooks }) {
    const { passages, held } = runbooks.search(text, MOST_PASSAGES);
    return {
      held,
      passages: passages.map((passage) => ({
        ...passage,
        text:
          passage.text.length > MOST_CHARACTERS
            ? `${passage.text.slice(0, MOST_CHARACTERS)}… (${passage.text.length - MOST_CHARACTERS} more characters in ${passage.file})`.toWellFormed()
            : passage.text,
      })),
    };
  },
  // What a runbook says holds in general; it is no observation of this incident.
  isObserved: () => false,
  found: ({ passages, held }) =>
    held === 0
      ? 'there are no runbooks: put Markdown into the folder runbooks of the data directory'
      : passages.length === 0
        ? `nothing in ${held} runbooks`
        : `${passages.length} sections: ${passages
            .slice(0, 3)
            .map(({ file, heading }) => `${file}, ${heading}`)
            .join('; ')}`,
});
