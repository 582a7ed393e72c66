import { filterLabels, type Labels } from '../labels.ts';
import { checkPattern, pattern } from './pattern.ts';
import { QueryError } from './query-error.ts';
import { distinct, type Row } from './row.ts';

const isLabelName = (name: string) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);

/** `label_replace`: where the whole source value matches, the target is what the replacement makes of it. */
export function replaceLabel(
  rows: readonly Row[],
  given: { target: string; replacement: string; source: string; expression: string },
): Row[] {
  const { target, replacement, source } = given;
  const expression = compiled(given.expression);
  if (!isLabelName(target)) {
    throw new QueryError('execution', `invalid destination label name in label_replace(): ${target}`);
  }
  const relabelled = rows.map((row) => {
    const match = expression.exec(row.labels[source] ?? '');
    return match ? { ...row, labels: withValue(row.labels, target, expanded(replacement, match)) } : row;
  });
  return distinct(relabelled);
}

/** `label_join`: the target is the values of the sources in a row. */
export function joinLabels(
  rows: readonly Row[],
  { target, separator, sources }: { target: string; separator: string; sources: readonly string[] },
): Row[] {
  if (!isLabelName(target)) {
    throw new QueryError('execution', `invalid destination label name in label_join(): ${target}`);
  }
  const wrong = sources.find((source) => !isLabelName(source));
  if (wrong !== undefined) {
    throw new QueryError('execution', `invalid source label name in label_join(): ${wrong}`);
  }
  const joined = rows.map((row) => {
    const value = sources.map((source) => row.labels[source] ?? '').join(separator);
    return { ...row, labels: withValue(row.labels, target, value) };
  });
  return distinct(joined);
}

function compiled(source: string): RegExp {
  try {
    checkPattern(source);
  } catch (error) {
    if (error instanceof QueryError && error.type === 'execution') throw error;
    throw new QueryError('execution', `invalid regular expression in label_replace(): ${source}`);
  }
  return pattern(source);
}

const withValue = (labels: Labels, name: string, value: string): Labels => ({
  ...filterLabels(labels, (other) => other !== name),
  ...(value === '' ? {} : { [name]: value }),
});

/** Go's templates: `$1`, `${1}`, `$name` and `${name}`, as long a name as possible; `$$` is `$`. */
function expanded(template: string, match: RegExpExecArray): string {
  return template.replaceAll(
    /\$(?:(\$)|(\w+)|\{(\w+)\})/g,
    (_all, dollar: string | undefined, bare: string | undefined, braced: string | undefined) => {
      if (dollar !== undefined) return '$';
      const name = bare ?? braced ?? '';
      return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
    },
  );
}
