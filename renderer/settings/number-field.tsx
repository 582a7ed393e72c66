import { TextField } from '../ui/field.tsx';

type Props = { label: string; value: number; step?: string; onChange(value: number): void };

/** A number; an empty box is one that is not valid, which the host's schema says by name. */
export const NumberField = ({ label, value, step = '1', onChange }: Props) => (
  <TextField
    label={label}
    type="number"
    min={0}
    step={step}
    value={Number.isNaN(value) ? '' : value}
    onChange={(event) => onChange(event.target.valueAsNumber)}
  />
);
