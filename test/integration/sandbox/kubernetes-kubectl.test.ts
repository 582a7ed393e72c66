import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { type Kubectl, kubectlFor, testWithKubectl } from './kubernetes-kubectl.ts';
import { faultOf, type SteppedDrill, steppedDrill } from './stepped-drill.ts';

let drill: SteppedDrill;
let kubectl: Kubectl;
const open = async () => {
  drill = await steppedDrill(10);
  kubectl = kubectlFor(drill.sandbox);
};
const close = async () => {
  kubectl.close();
  await drill.sandbox.close();
};

/** Cells of each line, the header among them. */
const rows = (output: string): string[][] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd().split(/\s{2,}/));

/** The line about one object. */
const rowOf = (output: string, name: string): string[] | undefined =>
  rows(output).find((cells) => cells.includes(name));

const age = expect.stringMatching(/^\d+[smhdy]/);

describe('kubectl, reading,', () => {
  beforeAll(open);
  afterAll(close);

  testWithKubectl('prints Deployments as the server lays them out', async () => {
    const output = await kubectl.ok('get', 'deployments');
    expect(rows(output)[0]).toEqual(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE']);
    const { status } = JSON.parse(await kubectl.ok('get', 'deploy', 'cart', '-o', 'json'));
    expect(rowOf(output, 'cart')).toEqual([
      'cart',
      `${status.readyReplicas}/${status.replicas}`,
      `${status.updatedReplicas}`,
      `${status.availableReplicas}`,
      age,
    ]);
    const wide = await kubectl.ok('get', 'deploy', '-o', 'wide', '-A', '--show-labels');
    expect(rows(wide)[0]?.slice(6)).toEqual(['CONTAINERS', 'IMAGES', 'SELECTOR', 'LABELS']);
    expect(rowOf(wide, 'cart')?.slice(6)).toEqual([
      'cart',
      expect.stringMatching(/^registry\.shop\.example\/cart:/),
      'app=cart',
      expect.stringContaining('countersign.dev/tier='),
    ]);
  });

  testWithKubectl.for([
    ['namespaces', 'NAME STATUS AGE', /^shop\s+Active/m],
    ['nodes', 'NAME STATUS ROLES AGE VERSION', /^node-a1\s+Ready\s+<none>\s+\d+d\s+v1\.32/m],
    ['pods', 'NAME READY STATUS RESTARTS AGE', /^storefront-\S+\s+1\/1\s+Running\s+0\s/m],
    ['replicasets', 'NAME DESIRED CURRENT READY AGE', /^cart-\S+\s+0\s+0\s+0\s/m],
    ['statefulsets', 'NAME READY AGE', /^shop-db\s+3\/3\s/m],
    ['cronjobs', 'NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST SCHEDULE AGE', /^shop-db-backup\s+\*\/20/m],
    ['jobs', 'NAME STATUS COMPLETIONS DURATION AGE', /^shop-db-backup-\d+\s+Complete\s+1\/1\s/m],
    [
      'horizontalpodautoscalers',
      'NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE',
      /^cart\s+Deployment\/cart\s+cpu: \d+%\/80%\s/m,
    ],
    [
      'poddisruptionbudgets',
      'NAME MIN AVAILABLE MAX UNAVAILABLE ALLOWED DISRUPTIONS AGE',
      /^cart\s+N\/A\s+1\s+1\s/m,
    ],
    ['configmaps', 'NAME DATA AGE', /^cart-config\s+5\s/m],
    ['services', 'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE', /^cart\s+ClusterIP\s+10\.96\./m],
    ['ingresses', 'NAME CLASS HOSTS ADDRESS PORTS AGE', /^storefront\s+nginx\s+storefront\.shop\.example\s/m],
    ['events', 'LAST SEEN TYPE REASON OBJECT MESSAGE', /Normal\s+ScalingReplicaSet\s+deployment\//],
    [
      'controllerrevisions',
      'NAME CONTROLLER REVISION AGE',
      /^shop-db-\S+\s+statefulset\.apps\/shop-db\s+1\s/m,
    ],
  ] as const)('lists %s', async ([plural, header, row]) => {
    const output = await kubectl.ok('get', plural);
    expect(output.split('\n')[0]?.split(/\s+/).filter(Boolean).join(' ')).toBe(header);
    expect(output).toMatch(row);
  });

  testWithKubectl('finds a DaemonSet with a pod on every node', async () => {
    const nodes = rows(await kubectl.ok('get', 'nodes', '--no-headers')).length;
    expect(rowOf(await kubectl.ok('-n', 'kube-system', 'get', 'ds'), 'node-exporter')?.slice(1, 6)).toEqual(
      Array.from({ length: 5 }, () => String(nodes)),
    );
  });

  testWithKubectl('selects by label and by field, and pages', async () => {
    const all = rows(await kubectl.ok('get', 'pods', '-A', '--no-headers')).length;
    expect(rows(await kubectl.ok('get', 'pods', '-A', '--no-headers', '--chunk-size=7')).length).toBe(all);
    const carts = rows(await kubectl.ok('get', 'pods', '-l', 'app in (cart),version', '--no-headers'));
    expect(carts.length).toBeGreaterThan(2);
    expect(carts.every(([name]) => name?.startsWith('cart-'))).toBe(true);
    const node = JSON.parse(await kubectl.ok('get', 'pods', '-l', 'app=cart', '-o', 'json')).items[0].spec;
    const there = await kubectl.ok(
      'get',
      'pods',
      '-A',
      '-o',
      'wide',
      '--field-selector',
      `spec.nodeName=${node.nodeName}`,
    );
    expect(there).toMatch(/^shop\s+cart-/m);
    expect(
      rows(there)
        .slice(1)
        .every((cells) => cells.includes(node.nodeName)),
    ).toBe(true);
    expect(await kubectl.refused('get', 'pods', '--field-selector', 'spec.replicas=1')).toContain(
      'field label not supported: spec.replicas',
    );
  });

  testWithKubectl('describes workloads with what belongs to them', async () => {
    const { namespace, name } = faultOf(drill);
    const deployment = await kubectl.ok('-n', namespace, 'describe', 'deployment', name);
    expect(deployment).toMatch(/^StrategyType:\s+RollingUpdate$/m);
    expect(deployment).toMatch(/^NewReplicaSet:\s+\S+ \(\d+\/\d+ replicas created\)$/m);
    expect(deployment).toContain('Scaled up replica set');
    const described = await kubectl.ok(
      'describe',
      'statefulset/shop-db',
      'pod/shop-db-0',
      'node/node-a1',
      'pdb/cart',
    );
    expect(described).toMatch(/^Controlled By:\s+StatefulSet\/shop-db$/m);
    expect(described).toMatch(/^Replicas:\s+3 desired \| 3 total$/m);
    expect(described).toMatch(/^\s+Allowed disruptions:\s+1$/m);
  });

  testWithKubectl('discovers what there is', async () => {
    const listed = await kubectl.ok('api-resources', '-o', 'wide');
    expect(listed).toMatch(
      /^deployments\s+deploy\s+apps\/v1\s+true\s+Deployment\s+get,list,patch,update,watch\s+all$/m,
    );
    expect(listed).toMatch(/^horizontalpodautoscalers\s+hpa\s+autoscaling\/v2\s/m);
    expect(await kubectl.ok('api-versions')).toBe(
      [
        'apps/v1',
        'authentication.k8s.io/v1',
        'authorization.k8s.io/v1',
        'autoscaling/v2',
        'batch/v1',
        'gateway.networking.k8s.io/v1',
        'networking.k8s.io/v1',
        'policy/v1',
        'rbac.authorization.k8s.io/v1',
        'v1',
        '',
      ].join('\n'),
    );
    expect(await kubectl.ok('version')).toContain('Server Version: v1.32');
    expect(await kubectl.ok('get', 'all')).toContain('deployment.apps/cart');
  });

  testWithKubectl('reads what a container has written', async () => {
    const lines = (await kubectl.ok('logs', 'deploy/cart', '--tail=5', '--timestamps')).trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines.every((line) => /^2026-03-02T14:\S+Z \S/.test(line))).toBe(true);
    expect(lines).toEqual(lines.toSorted());
    const followed = kubectl.follow('logs', '-f', 'shop-db-0', '--tail=1');
    await followed.until(/^level=info .*\n$/);
    await drill.time.advance(10_000);
    await followed.until(/^(level=info .*\n){3}$/);
    followed.stop();
    expect(await kubectl.ok('logs', 'deploy/cart', '--tail=0')).toBe('');
    expect(await kubectl.refused('logs', 'shop-db-0', '-c', 'sidecar')).toContain(
      'sidecar is not valid for pod shop-db-0',
    );
    expect(await kubectl.refused('logs', 'shop-db-0', '--previous')).toContain(
      'previous terminated container "postgres" in pod "shop-db-0" not found',
    );
  });

  testWithKubectl('is told what it may do, and nothing else is done', async () => {
    const rules = await kubectl.ok('auth', 'can-i', '--list');
    expect(rules).toMatch(/^deployments\.apps\/scale\s+\[\]\s+\[\]\s+\[get patch update\]$/m);
    expect(rules).not.toContain('secrets');
    expect(await kubectl.ok('auth', 'can-i', 'patch', 'deployments')).toBe('yes\n');
    expect((await kubectl.run('auth', 'can-i', 'delete', 'pods')).stdout).toBe('no\n');
    const cannot = (what: string) => `Error from server (Forbidden): ${what}`;
    expect(await kubectl.refused('get', 'secrets')).toContain(
      cannot(
        'secrets is forbidden: User "system:serviceaccount:countersign:countersign" cannot list resource "secrets" in API group "" in the namespace "shop"',
      ),
    );
    expect(await kubectl.refused('get', 'secret', 'cart-credentials', '-o', 'json')).toContain(
      cannot(
        'secrets "cart-credentials" is forbidden: User "system:serviceaccount:countersign:countersign" cannot get resource "secrets" in API group "" in the namespace "shop"',
      ),
    );
    expect(await kubectl.refused('delete', 'deploy', 'cart')).toContain(
      cannot(
        'deployments.apps "cart" is forbidden: User "system:serviceaccount:countersign:countersign" cannot delete resource "deployments" in API group "apps" in the namespace "shop"',
      ),
    );
    expect(await kubectl.refused('get', '--raw', '/metrics')).toContain('cannot get path "/metrics"');
    expect(await kubectl.refused('get', 'deploy', 'nobody')).toContain(
      'Error from server (NotFound): deployments.apps "nobody" not found',
    );
  });
});

describe('kubectl, writing,', () => {
  beforeEach(open);
  afterEach(close);

  testWithKubectl('undoes the rollout that broke things, and waits until it is done', async () => {
    const { namespace, name, revision } = faultOf(drill);
    const on = (...args: string[]) => kubectl.ok('-n', namespace, ...args);
    expect(await on('rollout', 'history', `deployment/${name}`)).toContain(`\n${revision} `);
    expect(await on('rollout', 'undo', `deployment/${name}`)).toContain('rolled back');
    const status = kubectl.follow('-n', namespace, 'rollout', 'status', `deployment/${name}`);
    await status.until(/^Waiting for deployment/);
    await drill.time.advance(180_000);
    await status.until(new RegExp(`deployment "${name}" successfully rolled out`));
    expect(await on('rollout', 'history', `deployment/${name}`)).toContain(`\n${revision + 1} `);
  });

  testWithKubectl('scales, and sees the pods come while it watches', async () => {
    const watch = kubectl.follow('get', 'pods', '-l', 'app=orders', '-w');
    await watch.until(/^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\n/);
    expect(await kubectl.ok('scale', 'deploy/orders', '--replicas=6')).toBe(
      'deployment.apps/orders scaled\n',
    );
    await watch.until(/0\/1\s+ContainerCreating/);
    const before = watch.seen();
    await drill.time.advance(30_000);
    await watch.until(/ContainerCreating[\s\S]*1\/1\s+Running/);
    expect(watch.seen().slice(before.length)).not.toContain('NAME');
    watch.stop();
    expect(await kubectl.ok('scale', 'sts/shop-db', '--replicas=4', '--current-replicas=3')).toContain(
      'scaled',
    );
    await drill.time.advance(30_000);
    expect(rowOf(await kubectl.ok('get', 'sts'), 'shop-db')?.[1]).toBe('4/4');
    expect(await kubectl.refused('scale', 'deploy/orders', '--replicas=2', '--current-replicas=9')).toContain(
      'Expected replicas to be 9, was 6',
    );
  });

  testWithKubectl('patches in three ways, labels and annotates', async () => {
    const environment = async () =>
      JSON.parse(await kubectl.ok('get', 'deploy', 'cart', '-o', 'json')).spec.template.spec.containers[0]
        .env;
    const patch = (...args: string[]) => kubectl.ok('patch', 'deployment', 'cart', ...args);
    const before = await environment();
    const strategic = {
      spec: {
        template: { spec: { containers: [{ name: 'cart', env: [{ name: 'POOL_SIZE', value: '40' }] }] } },
      },
    };
    await patch('-p', JSON.stringify(strategic));
    expect(await environment()).toEqual(
      before.map((each: { name: string }) =>
        each.name === 'POOL_SIZE' ? { name: 'POOL_SIZE', value: '40' } : each,
      ),
    );
    await patch('--type=merge', '-p', '{"spec":{"replicas":2}}');
    await patch(
      '--type=json',
      '-p',
      '[{"op":"test","path":"/spec/replicas","value":2},{"op":"replace","path":"/spec/replicas","value":3}]',
    );
    expect(
      await kubectl.refused(
        'patch',
        'deploy',
        'cart',
        '--type=json',
        '-p',
        '[{"op":"test","path":"/spec/replicas","value":2}]',
      ),
    ).toContain('the server rejected our request due to an error in our request');
    expect(await kubectl.ok('label', 'deploy', 'cart', 'looked-at=yes')).toContain('labeled');
    expect(await kubectl.ok('annotate', 'deploy', 'cart', 'note=slow')).toContain('annotated');
    const { metadata, spec } = JSON.parse(await kubectl.ok('get', 'deploy', 'cart', '-o', 'json'));
    expect(metadata).toMatchObject({ labels: { 'looked-at': 'yes' }, annotations: { note: 'slow' } });
    expect(spec.replicas).toBe(3);
  });

  testWithKubectl('tries things out without doing them', async () => {
    const before = await kubectl.ok('get', 'deploy', 'cart', '-o', 'yaml');
    expect(await kubectl.ok('scale', 'deploy/cart', '--replicas=9', '--dry-run=server')).toContain(
      '(server dry run)',
    );
    expect(await kubectl.ok('set', 'image', 'deploy/cart', 'cart=cart:new', '--dry-run=server')).toContain(
      '(server dry run)',
    );
    await drill.time.advance(20_000);
    expect(await kubectl.ok('get', 'deploy', 'cart', '-o', 'yaml')).toBe(before);
  });

  testWithKubectl('replaces what it has read once, and not after someone else has changed it', async () => {
    const read = await kubectl.ok('get', 'deploy', 'cart', '-o', 'json');
    const folder = mkdtempSync(join(tmpdir(), 'replace-'));
    const file = join(folder, 'cart.json');
    try {
      writeFileSync(file, read);
      await kubectl.ok('label', 'deploy', 'cart', 'looked-at=yes');
      expect(await kubectl.refused('replace', '--validate=false', '-f', file)).toContain(
        'Operation cannot be fulfilled on deployments.apps "cart": the object has been modified; please apply your changes to the latest version and try again',
      );
      writeFileSync(file, await kubectl.ok('get', 'deploy', 'cart', '-o', 'json'));
      expect(await kubectl.ok('replace', '--validate=false', '-f', file)).toContain('replaced');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  testWithKubectl('restarts a StatefulSet from its last pod to its first, and takes it back', async () => {
    const image = async () =>
      JSON.parse(await kubectl.ok('get', 'pods', '-l', 'app=shop-db', '-o', 'json')).items.map(
        ({ spec }: { spec: { containers: { image: string }[] } }) => spec.containers[0]?.image,
      );
    const before = await image();
    await kubectl.ok('set', 'image', 'sts/shop-db', 'postgres=registry.shop.example/pg-backup:2.1');
    expect(rowOf(await kubectl.ok('get', 'pods'), 'shop-db-2')?.slice(1, 3)).toEqual(['1/1', 'Terminating']);
    await drill.time.advance(35_000);
    expect(await image()).toEqual([before[0], before[1], 'registry.shop.example/pg-backup:2.1']);
    await drill.time.advance(240_000);
    expect(new Set(await image()).size).toBe(1);
    expect(await kubectl.ok('rollout', 'status', 'sts/shop-db')).toContain(
      'partitioned roll out complete: 3 new pods have been updated',
    );
    expect(await kubectl.ok('rollout', 'undo', 'sts/shop-db')).toContain('rolled back');
    await drill.time.advance(180_000);
    expect(await image()).toEqual(before);
    expect(await kubectl.ok('-n', 'kube-system', 'rollout', 'restart', 'ds/node-exporter')).toContain(
      'restarted',
    );
    await drill.time.advance(700_000);
    expect(await kubectl.ok('-n', 'kube-system', 'rollout', 'status', 'ds/node-exporter')).toContain(
      'successfully rolled out',
    );
  });

  testWithKubectl('drains a node, within the disruption budgets', async () => {
    expect(await kubectl.ok('cordon', 'node-a1')).toContain('cordoned');
    const on = async () => {
      const { items } = JSON.parse(
        await kubectl.ok(
          'get',
          'pods',
          '-n',
          'shop',
          '--field-selector',
          'spec.nodeName=node-a1,status.phase=Running',
          '-o',
          'json',
        ),
      );
      return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name) as string[];
    };
    expect((await on()).length).toBeGreaterThan(1);
    const drained = kubectl.follow(
      'drain',
      'node-a1',
      '--ignore-daemonsets',
      '--force',
      '--skip-wait-for-delete-timeout=1',
      '--timeout=60s',
    );
    await drained.until(/evict/);
    // kubectl tries again every five seconds what a budget has refused.
    for (let left = 80; left > 0 && (await on()).length > 0; left--) {
      await new Promise((next) => setTimeout(next, 500));
      await drill.time.advance(30_000);
    }
    expect(await on()).toEqual([]);
    drained.stop();
    await drill.time.advance(30_000);
    expect(rowOf(await kubectl.ok('get', 'deploy'), 'cart')?.[1]).toBe('4/4');
    expect(rowOf(await kubectl.ok('get', 'nodes'), 'node-a1')?.[1]).toBe('Ready,SchedulingDisabled');
  });
});
