import { type ComponentProps, type ReactNode, useId } from 'react';

type About = { label: string; hint?: ReactNode; error?: string | null };

/** A labelled text box with its hint and its error. */
export function TextField({ label, hint, error, ...rest }: About & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-about` : undefined}
        {...rest}
      />
      <FieldAbout id={`${id}-about`} hint={hint} error={error} />
    </div>
  );
}

/** Several lines of text. */
export function TextAreaField({ label, hint, error, ...rest }: About & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        className="input"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-about` : undefined}
        {...rest}
      />
      <FieldAbout id={`${id}-about`} hint={hint} error={error} />
    </div>
  );
}

export function SelectField({ label, hint, error, children, ...rest }: About & ComponentProps<'select'>) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="input"
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-about` : undefined}
        {...rest}
      >
        {children}
      </select>
      <FieldAbout id={`${id}-about`} hint={hint} error={error} />
    </div>
  );
}

function FieldAbout({
  id,
  hint,
  error,
}: {
  id: string;
  hint?: ReactNode;
  error?: string | null | undefined;
}) {
  if (error) {
    return (
      <p id={id} className="field-error">
        {error}
      </p>
    );
  }
  return hint ? (
    <p id={id} className="field-hint">
      {hint}
    </p>
  ) : null;
}
