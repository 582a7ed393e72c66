import type { ModelPrice } from '../../shared/vocabulary/model.ts';
import type { Tokens } from './model-client.ts';

/** What a turn cost in USD. Tokens from and into a cache have prices of their own; the others are plain input. */
export function costOf(
  { input, output, cacheRead = 0, cacheWritten = 0 }: Tokens,
  price: ModelPrice,
): number {
  const plain = Math.max(0, input - cacheRead - cacheWritten);
  const { perMillion } = price;
  return (
    (plain * perMillion.input +
      output * perMillion.output +
      cacheRead * perMillion.cacheRead +
      cacheWritten * perMillion.cacheWritten) /
    1_000_000
  );
}
