import type { ComponentProps } from 'react';

/** Controls that belong together, under one name. */
export function Group({ label, ...rest }: ComponentProps<'fieldset'> & { label: string }) {
  return <fieldset aria-label={label} {...rest} />;
}
