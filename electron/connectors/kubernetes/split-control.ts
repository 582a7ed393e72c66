import { Failure } from '../../platform/failure.ts';
import { notApplied } from '../one-write.ts';
import type { ClusterControl, ClusterReader, WriteResult } from '../source.ts';
import type { OpenAccess } from './access.ts';
import { type ClusterApi, clusterApi } from './cluster-api.ts';
import { clusterReader } from './cluster-reader.ts';
import { mintToken, type WriterAccount, withToken } from './token-request.ts';

export type Split = { reader: ClusterApi; access: () => Promise<OpenAccess>; writer: WriterAccount };
type Write = (...given: unknown[]) => Promise<WriteResult>;
/** What has no result to clean must not be taken for a write: the compiler looks at each. */
type Writes = Record<string, (...given: never[]) => Promise<WriteResult>>;

/**
 * The writes of `control`, each with a token of its own: asked for when the write is made, thrown away when it is over.
 * A write that gets none was not sent.
 */
export function splitControl(split: Split, control: (api: ClusterApi) => ClusterControl): ClusterControl {
  const { budgetAllows, ...writes } = control(split.reader);
  writes satisfies Writes;
  const names = Object.keys(writes) as (keyof typeof writes)[];
  const write =
    (name: keyof typeof writes): Write =>
    async (...given) => {
      const signal = given.at(-1) as AbortSignal;
      let token: string;
      try {
        token = await mintToken(split.reader, split.writer, signal);
      } catch (error) {
        if (error instanceof Failure) return notApplied(`Nothing was sent. ${error.message}`);
        throw error;
      }
      const own = control(clusterApi(withToken(split.access, token)));
      const result = await (own[name] as Write)(...given);
      return withoutToken(result, token);
    };
  // Every write of a control takes its signal last and answers with a result.
  const apart = Object.fromEntries(names.map((name) => [name, write(name)])) as unknown as typeof writes;
  // Waiting for a budget only reads.
  return { ...apart, budgetAllows };
}

/** Whether it may be done is a question about the account that would do it. */
export const splitMay =
  (split: Split): ClusterReader['may'] =>
  async (what, where, signal) => {
    const token = await mintToken(split.reader, split.writer, signal);
    return clusterReader(clusterApi(withToken(split.access, token))).may(what, where, signal);
  };

/** Whatever a server quotes back, in whichever form, ends here. */
function withoutToken(result: WriteResult, token: string): WriteResult {
  const forms = [token, encodeURIComponent(token), Buffer.from(token).toString('base64')];
  const clean = (text: string) => forms.reduce((told, form) => told.replaceAll(form, '(credential)'), text);
  return result.kind === 'applied'
    ? { ...result, sentence: clean(result.sentence) }
    : { ...result, because: clean(result.because) };
}
