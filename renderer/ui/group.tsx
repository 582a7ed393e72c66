import type { ComponentProps } from 'react';

/** Controls that belong together, under one name. */
export function Group({ label, className = '', ...rest }: ComponentProps<'fieldset'> & { label: string }) {
  return <fieldset className={`group ${className}`} aria-label={label} {...rest} />;
}
