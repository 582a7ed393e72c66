import type { ModelPrice } from '../../shared/vocabulary/model.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { NumberField } from './number-field.tsx';

type Props = { model: string; prices: ModelPrice[]; onPrices(prices: ModelPrice[]): void };

const PARTS = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cacheRead', 'Cache read'],
  ['cacheWritten', 'Cache written'],
] as const;

/** What a million tokens of the chosen model cost, with where that is from: without it money is not counted. */
export function PriceFields({ model, prices, onPrices }: Props) {
  const price = prices.find((one) => one.model === model);
  const others = prices.filter((one) => one !== price);
  if (!price) {
    return (
      <p className="model-agreed muted">
        <span>What this model costs is not known, so a run counts its tokens but not its money.</span>
        <Button small onClick={() => onPrices([...others, emptyPrice(model)])}>
          Enter a price
        </Button>
      </p>
    );
  }
  const set = (change: Partial<ModelPrice>) => onPrices([...others, { ...price, ...change }]);
  return (
    <fieldset className="model-numbers">
      <legend>USD for a million tokens</legend>
      {PARTS.map(([part, label]) => (
        <NumberField
          key={part}
          label={label}
          step="any"
          value={price.perMillion[part]}
          onChange={(value) => set({ perMillion: { ...price.perMillion, [part]: value } })}
        />
      ))}
      <TextField
        label="Read on"
        type="date"
        value={price.date}
        onChange={(event) => set({ date: event.target.value })}
      />
      <div className="model-wide">
        <TextField
          label="Where it is from"
          value={price.source}
          maxLength={300}
          onChange={(event) => set({ source: event.target.value })}
        />
      </div>
    </fieldset>
  );
}

const emptyPrice = (model: string): ModelPrice => ({
  model,
  perMillion: { input: 0, output: 0, cacheRead: 0, cacheWritten: 0 },
  source: '',
  date: new Date().toISOString().slice(0, 10),
});
