export type Block = { kind: 'text'; markdown: string } | { kind: 'table'; head: string[]; rows: string[][] };

/**
 * Cuts Markdown into text and pipe tables (GitHub Flavored Markdown §4.10): a line of cells, a line of dashes, then rows
 * until the first line that is none. Cells keep their inline Markdown. Inside code fences nothing is a table.
 */
export function splitTables(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  let text: string[] = [];
  let fenced = false;
  const endText = () => {
    if (text.some((line) => line.trim() !== '')) blocks.push({ kind: 'text', markdown: text.join('\n') });
    text = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^ {0,3}(```|~~~)/.test(line)) fenced = !fenced;
    const head = cellsOf(line);
    const rule = cellsOf(lines[at + 1] ?? '');
    if (
      fenced ||
      !head ||
      !rule ||
      rule.length !== head.length ||
      !rule.every((cell) => /^:?-+:?$/.test(cell))
    ) {
      text.push(line);
      continue;
    }
    endText();
    const rows: string[][] = [];
    at += 2;
    for (let row = cellsOf(lines[at] ?? ''); row; row = cellsOf(lines[at] ?? '')) {
      rows.push(head.map((_cell, column) => row?.[column] ?? ''));
      at += 1;
    }
    at -= 1;
    blocks.push({ kind: 'table', head, rows });
  }
  endText();
  return blocks;
}

/** The cells of a line that begins with a bar; a bar after a backslash belongs to its cell. */
function cellsOf(line: string): string[] | null {
  const trimmed = line.trim();
  if (!trimmed.startsWith('|')) return null;
  const cells = trimmed.slice(1).split(/(?<!\\)\|/);
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}
