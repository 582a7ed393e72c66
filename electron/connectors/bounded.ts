/** A text cut to a length, whole characters only: half a surrogate pair would change on its way through a file. */
export function bounded(text: string, length: number): string {
  const cut = text.length > length ? `${text.slice(0, length - 1)}…` : text;
  return cut.toWellFormed();
}
