import type { CaseFile } from '../../shared/formats/case.ts';
import type { RankedCase } from '../../shared/vocabulary/ranked-case.ts';
import { generateCase } from '../correlation/generate/generate-case.ts';
import type { Explanation } from '../correlation/rank-explained.ts';
import { caseIn } from '../correlation/read-case.ts';
import { Failure } from '../platform/failure.ts';
import { workerPool } from '../platform/worker-pool.ts';

/** Unpacked. The command line takes far more: it reads a file piece by piece. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_CHANGES = 40;
const MOST_SERVICES = 20;
/** A case that anybody can look at who has none of their own; always the same one. */
const EXAMPLE = { tier: 'T2', seed: 7, services: 40 } as const;

export type CaseDesk = ReturnType<typeof caseDesk>;

/** Ranks case files that a screen hands over, on a thread of its own: incidents that are worked do not wait for it. */
export function caseDesk() {
  const explaining = workerPool<CaseFile, Explanation>('correlation/worker/explain-worker.ts', {
    threads: 1,
  });
  let isBusy = false;

  async function rank(name: string, read: () => Promise<CaseFile>): Promise<RankedCase> {
    if (isBusy)
      throw new Failure(
        'conflict',
        'Another case file is being ranked. Wait until that is done, then try again.',
      );
    isBusy = true;
    try {
      const given = await read();
      return shown(name, given, await explaining.run(given));
    } finally {
      isBusy = false;
    }
  }

  return {
    /**
     * Ranks a file as it came, plain or gzip.
     * @throws Failure `bad_input` naming the file, the member and what is expected; `conflict` while one is under way.
     */
    rankFile: (name: string, base64: string): Promise<RankedCase> =>
      rank(name, () => caseIn(name, Buffer.from(base64, 'base64'), MOST_BYTES)),
    rankExample: (): Promise<RankedCase> =>
      rank('The example', async () => {
        const { truth: _answer, ...given } = generateCase(EXAMPLE);
        return given;
      }),
    close: () => explaining.close(),
  };
}

function shown(name: string, { window, changes, services }: CaseFile, found: Explanation): RankedCase {
  const byId = new Map(changes.map((change) => [change.id, change]));
  return {
    name,
    fromMs: Date.parse(window.from),
    toMs: Date.parse(window.to),
    onsetMs: found.onsetMs,
    novelty: found.novelty,
    changes: found.changes.slice(0, MOST_CHANGES).flatMap(({ id, score, reasons }) => {
      const change = byId.get(id);
      if (!change) return [];
      const { kind, service, title, at } = change;
      return [{ id, kind, service, title, atMs: Date.parse(at), score, reasons }];
    }),
    changeCount: changes.length,
    worthReading: found.worthReading,
    services: found.services
      .slice(0, MOST_SERVICES)
      .map(({ id, score, reasons }) => ({ id, score, reasons })),
    serviceCount: services.length,
  };
}
