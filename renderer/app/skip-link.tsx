import type { RefObject } from 'react';

/** The first stop of the Tab key, seen only while it has the focus: past the bars to what the place shows. */
export function SkipLink({ main }: { main: RefObject<HTMLElement | null> }) {
  return (
    // biome-ignore lint/a11y/useValidAnchor: what skips is a link to those who hear the page, and it leads within it.
    <a
      className="skip-link"
      href="#place"
      onClick={(event) => {
        // The address names the place that is shown; this one would lead away from it.
        event.preventDefault();
        main.current?.focus();
      }}
    >
      Skip to content
    </a>
  );
}
