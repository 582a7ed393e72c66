import { Occasion } from '../../shared/vocabulary/telling.ts';

/** What people can be told of, in the words of the screen. */
export const OCCASIONS: Record<Occasion, string> = {
  incident: 'New incidents',
  proposal: 'Proposals that wait',
  escalation: 'Escalations as they age',
  outcome: 'Outcomes',
  stop: 'Stops',
};

type Props = {
  label: string;
  chosen: readonly Occasion[];
  drills: boolean;
  disabled?: boolean;
  onChange(next: { tells: Occasion[]; drills: boolean }): void;
};

/** Which occasions a place is told of, and whether of drills as well. */
export function Occasions({ label, chosen, drills, disabled = false, onChange }: Props) {
  const toggled = (occasion: Occasion) =>
    Occasion.options.filter((one) => chosen.includes(one) !== (one === occasion));
  return (
    <fieldset className="occasions" disabled={disabled}>
      <legend>{label}</legend>
      {Object.entries(OCCASIONS).map(([name, words]) => {
        const occasion = Occasion.parse(name);
        return (
          <label key={occasion}>
            <input
              type="checkbox"
              checked={chosen.includes(occasion)}
              onChange={() => onChange({ tells: toggled(occasion), drills })}
            />
            {words}
          </label>
        );
      })}
      <label>
        <input
          type="checkbox"
          checked={drills}
          onChange={() => onChange({ tells: [...chosen], drills: !drills })}
        />
        Drills too
      </label>
    </fieldset>
  );
}
