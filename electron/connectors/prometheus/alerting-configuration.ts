import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { Labels } from '../alert-labels.ts';
import { anchoredPattern } from './anchored-pattern.ts';
import { type RelabelRule, relabelActions } from './relabel.ts';

/**
 * What the configuration of a Prometheus does to the labels of an alert on the way to its Alertmanagers
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alert_relabel_configs).
 */
export type AlertingConfiguration = {
  /** Given to an alert that has no label of the name. */
  externalLabels: Labels;
  /** The rules of each way to an Alertmanager, once where several have the same; none where it sends to nobody. */
  ways: RelabelRule[][];
};

/** More than this says nothing about alerts, or is meant to cost time. */
const MOST_CHARACTERS = 256_000;
const MOST_RULES = 500;
const MOST_WAYS = 20;
const MOST_REGEX = 10_000;

/**
 * A rule as the server writes it back: it fills in what was left out, and leaves out what is empty. So no separator is an
 * empty one; only the regex is left out where it is the default, and null where it is empty.
 */
const Rule = z.object({
  action: z
    .string()
    .transform((word) => word.toLowerCase())
    .pipe(z.enum(relabelActions))
    .default('replace'),
  source_labels: z.array(z.string()).max(100).default([]),
  separator: z.string().default(''),
  regex: z.string().max(MOST_REGEX).nullable().default('(.*)'),
  modulus: z
    .string()
    .regex(/^[1-9]\d{0,19}$/)
    .default('1'),
  target_label: z.string().default(''),
  replacement: z.string().default(''),
  metric_name_validation_scheme: z.string().optional(),
});
const Rules = z.array(Rule).max(MOST_RULES).nullish();
const Sections = z.object({
  global: z
    .object({
      external_labels: z.record(z.string(), z.string()).nullish(),
      metric_name_validation_scheme: z.string().optional(),
    })
    .nullish(),
  alerting: z
    .object({
      alert_relabel_configs: Rules,
      alertmanagers: z
        .array(z.object({ alert_relabel_configs: Rules }))
        .max(100)
        .nullish(),
    })
    .nullish(),
});

/**
 * @param yaml as `/api/v1/status/config` gives it
 * @param version of the server: since 3.0 `.` fits a line break too, and a label's name may be any UTF-8
 * @throws Failure where it cannot be followed
 */
export function alertingConfiguration(yaml: string, version: string): AlertingConfiguration {
  const text = `${sectionOf(yaml, 'global')}\n${sectionOf(yaml, 'alerting')}`;
  if (text.length > MOST_CHARACTERS)
    throw new Failure('bad_reply', 'what it says of alerts is longer than can be followed');
  const found = Sections.safeParse(readText(text));
  if (!found.success) throw new Failure('bad_reply', 'what it says of alerts is not understood', found.error);
  const { global, alerting } = found.data;
  const isOld = /^[0-2]\./.test(version);
  const scheme = global?.metric_name_validation_scheme ?? (isOld ? 'legacy' : 'utf8');
  const rulesOf = (rules: z.output<typeof Rules>) => (rules ?? []).map((rule) => ruleOf(rule, scheme, isOld));
  const forAll = rulesOf(alerting?.alert_relabel_configs);
  const ways = new Map(
    (alerting?.alertmanagers ?? []).map(({ alert_relabel_configs: some }) => [
      JSON.stringify(some ?? []),
      some,
    ]),
  );
  if (ways.size > MOST_WAYS) throw new Failure('bad_reply', `it sends alerts in more than ${MOST_WAYS} ways`);
  return {
    externalLabels: { ...global?.external_labels },
    ways: [...ways.values()].map((some) => [...forAll, ...rulesOf(some)]),
  };
}

/**
 * A section of what Prometheus writes, whose lines are indented but for items of a list: the rest, which lists all that is
 * scraped, may be megabytes.
 */
function sectionOf(yaml: string, name: string): string {
  const lines = yaml.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`${name}:`));
  if (from < 0) return '';
  const more = lines.slice(from + 1).findIndex((line) => /^[^\s#-]/.test(line));
  return lines.slice(from, more < 0 ? undefined : from + 1 + more).join('\n');
}

function readText(text: string): unknown {
  try {
    // All but null is text: what looks like a number is the value of a label.
    return parse(text, { schema: 'failsafe', customTags: ['null'], maxAliasCount: 0 }) ?? {};
  } catch (error) {
    throw new Failure('bad_reply', 'what it says of alerts is no YAML', error);
  }
}

function ruleOf(rule: z.output<typeof Rule>, schemeOfAll: string, isOld: boolean): RelabelRule {
  const scheme = rule.metric_name_validation_scheme ?? schemeOfAll;
  return {
    action: rule.action,
    sourceLabels: rule.source_labels,
    separator: rule.separator,
    regex: anchoredPattern(rule.regex ?? '', { dotFitsLineBreak: !isOld }),
    modulus: BigInt(rule.modulus),
    targetLabel: rule.target_label,
    replacement: rule.replacement,
    isLabelName:
      scheme === 'legacy' ? (name) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) : (name) => name !== '',
  };
}
