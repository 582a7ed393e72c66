import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limitedTo } from '../../../../electron/connectors/prometheus/limited-to.ts';

it('never runs more at once than allowed, runs all, and a failing task frees its place', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 12 }),
      async (s, most, tasks) => {
        const limited = limitedTo(most);
        let running = 0;
        let highest = 0;
        const all = tasks.map((fails) =>
          limited(async () => {
            running += 1;
            highest = Math.max(highest, running);
            await s.schedule(Promise.resolve());
            running -= 1;
            if (fails) throw new Error('it failed');
            return 'done';
          }).catch(() => 'failed'),
        );
        const [answers] = await Promise.all([Promise.all(all), s.waitFor(Promise.all(all))]);
        expect(answers).toEqual(tasks.map((fails) => (fails ? 'failed' : 'done')));
        expect(highest).toBeLessThanOrEqual(most);
        expect(highest).toBe(Math.min(most, tasks.length));
      },
    ),
    { numRuns: 50 },
  );
});
