import { describe } from 'vitest';
import { startPrometheus } from '../../fixtures/debian-servers.ts';
import { historyOf } from '../../fixtures/exposition/history-of.ts';
import { readsQuotedNames, t0 } from '../../fixtures/quoted-names.ts';

describe('on a real Prometheus 3', () =>
  readsQuotedNames((exposition) => startPrometheus({ history: `${historyOf(exposition, t0)}\n# EOF\n` })));
