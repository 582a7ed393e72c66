import { invalid } from './status.ts';

/** Whether a write is to be checked and not kept. `All` is the only word for it. */
export function isDryRun(
  query: URLSearchParams,
  options: 'DeleteOptions' | 'PatchOptions' | 'UpdateOptions' | 'CreateOptions',
): boolean {
  const asked = query.getAll('dryRun').filter((value) => value !== '');
  const wrong = asked.find((value) => value !== 'All');
  if (wrong !== undefined) {
    const message = `Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`;
    const causes = [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }];
    throw invalid({ plural: '', group: 'meta.k8s.io', kind: options }, '', causes);
  }
  return asked.length > 0;
}
