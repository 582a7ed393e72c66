import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runbooks } from '../analyst/tools/read-tool.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { type RunbookIndex, type RunbookSection, runbookIndex } from '../store/runbook-index.ts';

const MOST_FILES = 500;
const MOST_BYTES = 1_048_576;
const MOST_DEPTH = 4;

type File = { name: string; path: string; stamp: string };
export type RunbookShelf = Runbooks & { close(): void };

/**
 * The team's runbooks: Markdown in one folder, read when somebody searches and read anew when a file has changed. Links are
 * not followed, so that nothing outside of the folder is told.
 */
export function runbookShelf(folder: string): RunbookShelf {
  let held: { stamp: string; files: number; index: RunbookIndex } | undefined;

  function current() {
    const files = filesIn(folder);
    const stamp = files.map((file) => `${file.name} ${file.stamp}`).join('\n');
    if (held?.stamp === stamp) return held;
    held?.index.close();
    held = { stamp, files: files.length, index: runbookIndex(files.flatMap(sectionsOf)) };
    return held;
  }

  return {
    search(text, most) {
      try {
        const { index, files } = current();
        return { passages: index.search(text, most), held: files };
      } catch (error) {
        throw new Failure('storage', `The runbooks in ${folder} cannot be read: ${messageOf(error)}`, error);
      }
    },
    close: () => held?.index.close(),
  };
}

function filesIn(folder: string): File[] {
  const found: File[] = [];
  const visit = (below: string, depth: number): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth < MOST_DEPTH && !entry.name.startsWith('.')) visit(name, depth + 1);
      if (!entry.isFile() || !/\.(md|markdown)$/i.test(entry.name)) continue;
      const path = join(folder, name);
      const { size, mtimeMs } = lstatSync(path);
      if (size <= MOST_BYTES) found.push({ name, path, stamp: `${size} ${mtimeMs}` });
    }
  };
  try {
    visit('', 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_FILES);
}

/** A section is what stands under one heading; what comes before the first belongs to the file itself. */
function sectionsOf({ name, path }: File): RunbookSection[] {
  const sections: RunbookSection[] = [];
  let heading = name;
  let lines: string[] = [];
  let isCode = false;
  const end = () => {
    const text = lines.join('\n').trim();
    if (text !== '') sections.push({ file: name, heading, text });
    lines = [];
  };
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    const found = isCode ? null : /^#{1,6}\s+(.+)$/.exec(line);
    if (found?.[1] === undefined) {
      lines.push(line);
      continue;
    }
    end();
    heading = found[1].trim();
  }
  end();
  return sections;
}
