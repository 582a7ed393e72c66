let known: number | null = null;

/** How much of its width an element gives up for its scrollbar, in CSS pixels; nothing where it lies over what is scrolled. */
export function scrollbarWidth(): number {
  if (known !== null) return known;
  const probe = document.createElement('div');
  Object.assign(probe.style, {
    position: 'absolute',
    visibility: 'hidden',
    width: '100px',
    overflowY: 'scroll',
  });
  document.body.append(probe);
  known = probe.offsetWidth - probe.clientWidth;
  probe.remove();
  return known;
}
