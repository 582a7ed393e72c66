/** What a flag belongs to: its tag `service:<name>`, else its name up to the first dot. */
export function serviceOfFlag(flag: string, tags: readonly string[]): string | null {
  const tagged = tags.find((tag) => tag.startsWith('service:'));
  if (tagged !== undefined) return tagged.replace(/^service:/, '') || null;
  const dot = flag.indexOf('.');
  return dot > 0 ? flag.slice(0, dot) : null;
}
