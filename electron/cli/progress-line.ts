/** One line on a terminal that says how far something got, written over and over and gone in the end. */
export function progressLine(terminal: { write(text: string): unknown }, nowMs = () => performance.now()) {
  let shownMs = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    tell({ realm, done, total }: { realm: string; done: number; total: number }): void {
      if (nowMs() - shownMs < BETWEEN_MS) return;
      shownMs = nowMs();
      isShown = true;
      terminal.write(`${BEGIN}${realm} log: ${done} of ${total} entries`);
    },
    clear(): void {
      if (isShown) terminal.write(BEGIN);
    },
  };
}

/** To the first column, and what stands on the line is erased. */
const BEGIN = '\r\u001b[K';
const BETWEEN_MS = 100;
