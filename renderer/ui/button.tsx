import type { ComponentProps } from 'react';

export type ButtonLook = 'plain' | 'primary' | 'stop' | 'quiet';

export function Button({
  look = 'plain',
  small = false,
  className = '',
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { look?: ButtonLook; small?: boolean }) {
  return (
    <button
      type={type}
      className={`button button-${look} ${small ? 'button-small' : ''} ${className}`}
      {...rest}
    />
  );
}
