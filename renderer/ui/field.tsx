import { type ComponentProps, type ReactNode, useId } from 'react';

type About = { label: string; hint?: ReactNode; error?: string | null | undefined };

/** A labelled text box with its hint and its error. */
export function TextField({ label, hint, error, ...rest }: About & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(named) => <input {...named} autoComplete="off" spellCheck={false} {...rest} />}
    </Field>
  );
}

/** Several lines of text. */
export function TextAreaField({ label, hint, error, ...rest }: About & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(named) => <textarea {...named} autoComplete="off" spellCheck={false} {...rest} />}
    </Field>
  );
}

export function SelectField({ label, hint, error, children, ...rest }: About & ComponentProps<'select'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(named) => (
        <select {...named} {...rest}>
          {children}
        </select>
      )}
    </Field>
  );
}

/** What ties a control to its label and to what is said of it. */
type Named = {
  id: string;
  className: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
};

function Field({ label, hint, error, children }: About & { children(named: Named): ReactNode }) {
  const id = useId();
  const about = `${id}-about`;
  const named: Named = {
    id,
    className: 'input',
    'aria-invalid': error ? true : undefined,
    'aria-describedby': hint || error ? about : undefined,
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children(named)}
      {error ? (
        <p id={about} className="field-error">
          {error}
        </p>
      ) : (
        hint && (
          <p id={about} className="field-hint">
            {hint}
          </p>
        )
      )}
    </div>
  );
}
