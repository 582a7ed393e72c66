/** What may lie in the folder of an envelope; anything else refuses the whole folder. */
export const MANIFEST = 'manifest.json';
/** Made when it is signed, for people and later versions to compare with: nothing is ever judged by it. */
export const TRUTH_TABLE = 'truth-table.json';
export const POLICIES = 'policies';

const AT_THE_TOP: ReadonlySet<string> = new Set([
  'envelope.yaml',
  'schema.cedarschema',
  'tests.yaml',
  TRUTH_TABLE,
  MANIFEST,
]);
const POLICY_FILE = /^[a-z0-9][a-z0-9._-]{0,99}\.cedar$/;

/** Whether a path in the folder, with `/` between, is that of a file which belongs there. */
export const isEnvelopeFile = (path: string): boolean =>
  path.startsWith(`${POLICIES}/`) ? POLICY_FILE.test(path.slice(POLICIES.length + 1)) : AT_THE_TOP.has(path);
