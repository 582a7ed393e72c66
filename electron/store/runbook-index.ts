import Database from 'better-sqlite3';

export type RunbookSection = { file: string; heading: string; text: string };

/** A full-text index of sections, in memory alone: the files are what is kept. */
export function runbookIndex(sections: readonly RunbookSection[]) {
  const db = new Database(':memory:');
  db.exec('CREATE VIRTUAL TABLE section USING fts5(file, heading, text, tokenize = "porter unicode61")');
  const insert = db.prepare('INSERT INTO section (file, heading, text) VALUES (@file, @heading, @text)');
  db.transaction(() => {
    for (const section of sections) insert.run(section);
  })();
  const search = db.prepare<[string, number], RunbookSection>(
    'SELECT file, heading, text FROM section WHERE section MATCH ? ORDER BY bm25(section, 2, 4, 1) LIMIT ?',
  );

  return {
    /** Sections with any of these words, those with more and rarer ones first. */
    search(text: string, most: number): RunbookSection[] {
      const words = text.toWellFormed().match(/[\p{L}\p{N}]+/gu) ?? [];
      // Each word stands in quotes: it is none of the words of the query language of FTS5.
      const query = words.map((word) => `"${word}"`).join(' OR ');
      return query === '' ? [] : search.all(query, most);
    },
    close: () => void db.close(),
  };
}
export type RunbookIndex = ReturnType<typeof runbookIndex>;
