import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../../electron/connectors/alert-labels.ts';
import { alertingConfiguration } from '../../../../electron/connectors/prometheus/alerting-configuration.ts';
import { sentAlerts } from '../../../../electron/connectors/prometheus/sent-alerts.ts';
import { Failure } from '../../../../electron/platform/failure.ts';
import { Refused } from '../../../../electron/platform/http-reply.ts';

/** As a server of 2.42 writes its configuration back. */
const written = (rules: string, external = '    cluster: "1"\n') => `global:
  scrape_interval: 1m
  external_labels:
${external}alerting:
  alert_relabel_configs:
${rules}  alertmanagers:
  - follow_redirects: true
    scheme: http
    api_version: v2
    static_configs:
    - targets:
      - manager:9093
rule_files:
- /etc/prometheus/*.yaml
scrape_configs:
- job_name: global
  note: '*no alias*'
`;
const dropReplica = `  - separator: ;
    regex: replica
    replacement: $1
    action: labeldrop
`;
const labels = { alertname: 'A', replica: 'b' };
const signal = new AbortController().signal;

/** What is sent of the labels above through a server so configured. */
function sentThrough(yaml: string, version = '2.42.0') {
  const sent = sentAlerts({ configuration: async () => yaml, version: async () => version });
  return sent
    .read(signal)
    .then(() => ({ as: sent.sentAs(labels), sentence: sent.sentence(), summary: sent.summary() }));
}

describe('as what an alert arrives', () => {
  it('takes every value for text, and the external labels that the alert does not have', async () => {
    const external = '    cluster: "1"\n    replica: a\n    yes: 0x10\n';
    expect((await sentThrough(written(dropReplica, external))).as).toEqual([
      fingerprintOf({ alertname: 'A', cluster: '1', yes: '0x10' }),
    ]);
  });

  it.each([
    [
      'an empty pattern, which stands as null',
      'regex: null\n    target_label: x\n    replacement: "y"',
      { x: 'y' },
    ],
    [
      'the default pattern, which is left out',
      'source_labels: [alertname]\n    target_label: x\n    replacement: $1',
      { x: 'A' },
    ],
    [
      'an empty separator, which is left out',
      'source_labels: [alertname, replica]\n    regex: (.*)\n    target_label: x\n    replacement: $1',
      { x: 'Ab' },
    ],
    [
      'an empty replacement, which is left out',
      'separator: ;\n    regex: (.*)\n    target_label: replica',
      { replica: '' },
    ],
    ['an action in large letters', 'regex: x\n    action: LabelDrop', {}],
  ])('understands %s', async (_case, text, changed) => {
    const all = { ...labels, cluster: '1', ...changed };
    const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    expect((await sentThrough(written(`  - ${text}\n`))).as).toEqual([fingerprintOf(present)]);
  });

  it('is nothing where it is dropped, and several where several are told otherwise', async () => {
    const drop = '  - source_labels: [alertname]\n    regex: A\n    action: drop\n';
    expect((await sentThrough(written(drop))).as).toEqual([]);
    const ways = `alerting:
  alertmanagers:
  - api_version: v2
  - api_version: v1
  - alert_relabel_configs:
    - regex: replica
      action: labeldrop
  - alert_relabel_configs:
    - source_labels: [alertname]
      regex: A
      action: drop
`;
    expect((await sentThrough(ways, '3.5.0')).as).toEqual([
      fingerprintOf(labels),
      fingerprintOf({ alertname: 'A' }),
    ]);
  });

  it('is unknown where the server sends to no Alertmanager, as one beside vmalert', async () => {
    const found = await sentThrough('global:\n  external_labels:\n    cluster: eu\nscrape_configs: []\n');
    expect(found).toEqual({ as: undefined, sentence: null, summary: null });
  });

  it('knows that since 3.0 a dot fits a line break, and a label may have any name', () => {
    const yaml = written('  - source_labels: [a]\n    regex: x.y\n    target_label: é\n    replacement: z\n');
    const [old] = alertingConfiguration(yaml, '2.55.1').ways;
    const [fresh] = alertingConfiguration(yaml, '3.0.0').ways;
    expect(old?.[0]?.regex.find('x\ny')).toBeNull();
    expect(fresh?.[0]?.regex.find('x\ny')).not.toBeNull();
    expect([old?.[0]?.isLabelName('é'), fresh?.[0]?.isLabelName('é')]).toEqual([false, true]);
    const legacy = yaml.replace('global:\n', 'global:\n  metric_name_validation_scheme: legacy\n');
    expect(alertingConfiguration(legacy, '3.0.0').ways[0]?.[0]?.isLabelName('é')).toBe(false);
  });
});

describe('a configuration that cannot be followed', () => {
  it.each([
    ['an action that is not known', written('  - action: explode\n'), /not understood/],
    ['a pattern that is none', written('  - regex: "(("\n'), /pattern/],
    ['what is no YAML', 'global:\n  external_labels: {\n', /no YAML/],
    ['an alias', 'global:\n  external_labels: &a\n    x: y\nalerting: *a\n', /no YAML/],
    ['what is too long', `global:\n  a: ${'x'.repeat(300_000)}\n`, /longer/],
  ])('with %s is said, and leaves the labels unknown', async (_case, yaml, because) => {
    const { as, sentence } = await sentThrough(yaml);
    expect(as).toBeUndefined();
    expect(sentence).toMatch(because);
    expect(sentence).toMatch(/Let GET \/api\/v1\/status\/config be asked/);
  });

  it('is read in a moment where what is scraped fills megabytes', async () => {
    const scraped = '- job_name: x\n  static_configs:\n  - targets: [a, b]\n'.repeat(60_000);
    expect((await sentThrough(`${written(dropReplica)}${scraped}`)).as).toHaveLength(1);
  });
});

describe('when the configuration is asked for', () => {
  function asking() {
    let nowMs = 0;
    let asked = 0;
    const pass = (ms: number) => {
      nowMs += ms;
    };
    const answer: { yaml: string | Error } = { yaml: written(dropReplica) };
    const sent = sentAlerts(
      {
        configuration: async () => {
          asked += 1;
          if (answer.yaml instanceof Error) throw answer.yaml;
          return answer.yaml;
        },
        version: async () => '2.42.0',
      },
      () => nowMs,
    );
    return { sent, answer, asked: () => asked, pass };
  }

  it('is once while it is not loaded anew, and again when it was', async () => {
    const { sent, asked, pass } = asking();
    for (let look = 0; look < 30; look++) {
      await sent.follow(1_000, signal);
      pass(3_000);
    }
    expect(asked()).toBe(1);
    await sent.follow(2_000, signal);
    expect(asked()).toBe(2);
  });

  it('is once a minute where nobody says when it was loaded, or it could not be read', async () => {
    for (const [loadedMs, yaml] of [
      [null, written(dropReplica)],
      [1_000, new Refused(new Failure('refused', 'no'), { status: 404, headers: {} })],
    ] as const) {
      const { sent, answer, asked, pass } = asking();
      answer.yaml = yaml;
      for (let look = 0; look < 40; look++) {
        await sent.follow(loadedMs, signal);
        pass(3_000);
      }
      expect(asked()).toBe(2);
    }
  });

  it('what was known stays where it cannot be reached, and not where it may no more be read', async () => {
    const { sent, answer, pass } = asking();
    await sent.follow(null, signal);
    const known = sent.sentAs(labels);
    expect(known).toHaveLength(1);
    answer.yaml = new Failure('timeout', 'It did not answer.');
    pass(60_000);
    await sent.follow(null, signal);
    expect(sent.sentAs(labels)).toEqual(known);
    for (const status of [403, 404, 405]) {
      answer.yaml = new Refused(new Failure('refused', 'no'), { status, headers: {} });
      pass(60_000);
      await sent.follow(null, signal);
      expect(sent.sentAs(labels)).toBeUndefined();
      expect(sent.sentence()).toContain(`answered with ${status}`);
    }
  });
});
