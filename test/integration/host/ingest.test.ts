import { expect, it } from 'vitest';
import { ingested } from '../../bench/ingest/ingested.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

it('brings what four sources tell at once to the screen, all of it and each fact once', async () => {
  const { sent, heard, again } = await ingested({ dataDir: await newDataDir(), perSecond: 400, seconds: 2 });
  expect({ heard, again }).toEqual({ heard: sent, again: 0 });
});
