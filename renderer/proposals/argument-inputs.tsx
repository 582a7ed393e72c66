import { SelectField, TextField } from '../ui/field.tsx';
import type { ArgumentField } from './argument-fields.ts';

type ArgumentInputsProps = {
  fields: readonly ArgumentField[];
  filled: Readonly<Record<string, string>>;
  /** Connections to choose from, for the field `cluster`. */
  connections: readonly { id: string; name: string }[];
  onChange(name: string, text: string): void;
};

/** One labelled control for each argument, named as the argument is. */
export function ArgumentInputs({ fields, filled, connections, onChange }: ArgumentInputsProps) {
  return fields.map((field) => {
    const value = filled[field.name] ?? '';
    const label = labelOf(field);
    const change = (event: { target: { value: string } }) => onChange(field.name, event.target.value);
    if (field.name === 'cluster') {
      return (
        <SelectField key={field.name} label="Connection" value={value} onChange={change}>
          {connections.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      );
    }
    if (field.options.length > 0) {
      return (
        <SelectField key={field.name} label={label} value={value} onChange={change}>
          {!field.required && <option value="">as it is</option>}
          {field.options.map((option) => (
            <option key={option} value={option}>
              {field.kind === 'yes-no' ? (option === 'true' ? 'yes' : 'no') : option}
            </option>
          ))}
        </SelectField>
      );
    }
    return (
      <TextField
        key={field.name}
        label={label}
        value={value}
        inputMode={field.kind === 'number' ? 'numeric' : 'text'}
        hint={hintFor(field)}
        onChange={change}
      />
    );
  });
}

function hintFor({ kind, required, nullable }: ArgumentField): string | undefined {
  if (kind === 'json') return 'As JSON';
  return required && nullable ? 'Left empty: none' : undefined;
}

const labelOf = ({ name, required, nullable }: ArgumentField) =>
  required && !nullable ? name : `${name} (may be left empty)`;
