import { useState } from 'react';
import { AnalystChoice, Effort, ModelSettings, type ModelView } from '../../shared/vocabulary/model.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import type { Kept } from '../ui/draft.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { sentenceCase } from '../ui/words.ts';
import { issuesIn } from './issues-in.ts';
import { ModelMasking } from './model-masking.tsx';
import { PriceFields } from './model-price.tsx';
import { NumberField } from './number-field.tsx';

type Props = { draft: Kept<ModelSettings>; onView(view: ModelView): void };

const CHOICES: Record<AnalystChoice, string> = { offline: 'Offline analyst', model: 'This model' };

/** Exactly which model with which parameters, where it works, and what a run may use. */
export function ModelForm({ draft: { value: draft, set: onDraft, isWritten, forget }, onView }: Props) {
  const [overriding, setOverriding] = useState(false);
  const { busy, problem, attempt, tell } = useAttempt();
  const { chosen, limits } = draft;
  const setChosen = (change: Partial<ModelSettings['chosen']>) =>
    onDraft({ ...draft, chosen: { ...chosen, ...change } });
  const setLimits = (change: Partial<ModelSettings['limits']>) =>
    onDraft({ ...draft, limits: { ...limits, ...change } });

  const save = async (withoutReplay: string | null) => {
    const settings = ModelSettings.safeParse(draft);
    if (!settings.success) return tell(issuesIn(settings.error));
    onView(await call('model.change', { settings: settings.data, withoutReplay }));
    forget();
  };
  return (
    <form
      className="connection-form"
      aria-label="Model settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void attempt(() => save(null));
      }}
    >
      <div className="connection-fields">
        <TextField
          label="Base URL"
          value={chosen.baseUrl}
          inputMode="url"
          hint="https, or http on this machine"
          onChange={(event) => setChosen({ baseUrl: event.target.value.trim() })}
        />
        <TextField
          label="Model"
          value={chosen.model}
          hint="The exact id; it stands in every entry"
          onChange={(event) => setChosen({ model: event.target.value.trim() })}
        />
        <Works
          label="On real incidents"
          value={draft.real}
          onChange={(real) => onDraft({ ...draft, real })}
        />
        <Works label="In drills" value={draft.drill} onChange={(drill) => onDraft({ ...draft, drill })} />
      </div>
      <div className="model-numbers">
        <NumberField
          label="Answer, tokens"
          value={chosen.maxTokens}
          onChange={(maxTokens) => setChosen({ maxTokens })}
        />
        <NumberField
          label="Context, tokens"
          value={chosen.contextTokens}
          onChange={(contextTokens) => setChosen({ contextTokens })}
        />
        <SelectField
          label="Effort"
          value={chosen.effort}
          onChange={(event) => setChosen({ effort: Effort.catch('default').parse(event.target.value) })}
        >
          {Effort.options.map((effort) => (
            <option key={effort} value={effort}>
              {sentenceCase(effort)}
            </option>
          ))}
        </SelectField>
      </div>
      <fieldset className="model-numbers">
        <legend>What one run may use</legend>
        <NumberField label="Turns" value={limits.turns} onChange={(turns) => setLimits({ turns })} />
        <NumberField label="Reads" value={limits.reads} onChange={(reads) => setLimits({ reads })} />
        <NumberField label="Tokens" value={limits.tokens} onChange={(tokens) => setLimits({ tokens })} />
        <NumberField label="USD" value={limits.usd} step="any" onChange={(usd) => setLimits({ usd })} />
        <NumberField
          label="Seconds"
          value={limits.wallSeconds}
          onChange={(wallSeconds) => setLimits({ wallSeconds })}
        />
      </fieldset>
      <PriceFields
        model={chosen.model}
        prices={draft.prices}
        onPrices={(prices) => onDraft({ ...draft, prices })}
      />
      <ModelMasking
        maskAddresses={draft.maskAddresses}
        onMaskAddresses={(maskAddresses) => onDraft({ ...draft, maskAddresses })}
      />
      {problem && <Problem>{problem}</Problem>}
      <div className="dialog-actions">
        {problem?.includes('Replay them') && (
          <Button onClick={() => setOverriding(true)}>Use it without a replay…</Button>
        )}
        {isWritten && (
          <>
            <span className="muted">Not saved yet.</span>
            <Button onClick={forget}>Leave as it was</Button>
          </>
        )}
        <Button type="submit" look="primary" disabled={busy}>
          Save
        </Button>
      </div>
      {overriding && (
        <ReasonDialog
          title="Use another model without a replay"
          about="Nobody has seen what this model makes of what was read before. The reason stands in the ledger."
          keptAs="model.withoutReplay"
          action="Use it"
          onSubmit={async (reason) => {
            await save(reason);
            tell(null);
          }}
          onClose={() => setOverriding(false)}
        />
      )}
    </form>
  );
}

type WorksProps = { label: string; value: AnalystChoice; onChange(choice: AnalystChoice): void };

const Works = ({ label, value, onChange }: WorksProps) => (
  <SelectField
    label={label}
    value={value}
    onChange={(event) => onChange(AnalystChoice.catch('offline').parse(event.target.value))}
  >
    {AnalystChoice.options.map((choice) => (
      <option key={choice} value={choice}>
        {CHOICES[choice]}
      </option>
    ))}
  </SelectField>
);
