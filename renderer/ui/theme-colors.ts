/** By the theme and what around an element changes it: a colour is read once, not once a chart. */
const known = new Map<string, Map<string, string>>();

/** The same for all elements with the same colours. */
export function colorsKey(element: Element, theme: string): string {
  const around = element.closest<HTMLElement>('[data-theme]');
  return `${theme} ${around?.dataset['theme'] ?? ''} ${around?.dataset['realm'] ?? ''}`;
}

/**
 * The colours of the theme that an element stands in, for what is drawn rather than styled. Reading a style in the middle of
 * drawing makes the browser lay out everything anew; fifty charts did it five hundred times.
 */
export function colorsOf(element: Element, theme: string): (name: string) => string {
  const key = colorsKey(element, theme);
  const colors = known.get(key) ?? new Map<string, string>();
  known.set(key, colors);
  return (name) => {
    const color = colors.get(name) ?? getComputedStyle(element).getPropertyValue(name).trim();
    colors.set(name, color);
    return color;
  };
}
