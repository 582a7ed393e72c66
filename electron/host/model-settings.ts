import type { ModelSettings } from '../../shared/vocabulary/model.ts';

/**
 * Until a person chooses otherwise everything is read by the offline analyst. The model is a proposal in the form, no
 * more: nothing is sent to it without a key, a choice and a consent.
 */
export const firstModelSettings: ModelSettings = {
  real: 'offline',
  drill: 'offline',
  chosen: {
    baseUrl: 'https://api.anthropic.com',
    model: 'claude-opus-5',
    maxTokens: 8_192,
    contextTokens: 180_000,
    effort: 'default',
  },
  limits: { turns: 24, reads: 80, tokens: 1_500_000, usd: 5, wallSeconds: 600 },
  prices: [
    {
      model: 'claude-opus-5',
      perMillion: { input: 5, output: 25, cacheRead: 0.5, cacheWritten: 6.25 },
      source: 'https://platform.claude.com/docs/en/about-claude/pricing',
      date: '2026-11-21',
    },
  ],
  maskAddresses: false,
};
