const NOT_TEXT = new Set(['checkbox', 'radio', 'button', 'submit', 'reset']);

/** Whether what has the focus takes characters: it keeps its keys, and nothing takes the focus from it. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}
