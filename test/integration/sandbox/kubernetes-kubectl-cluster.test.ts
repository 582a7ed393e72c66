import { afterEach, beforeEach, describe, expect } from 'vitest';
import { type Kubectl, kubectlFor, testWithKubectl } from './kubernetes-kubectl.ts';
import { kubernetesOnNetwork, type OnNetwork } from './kubernetes-on-network.ts';

let cluster: OnNetwork;
const opened: Kubectl[] = [];
const as = (...account: Parameters<OnNetwork['access']>): Kubectl => {
  const kubectl = kubectlFor(cluster.access(...account));
  opened.push(kubectl);
  return kubectl;
};
beforeEach(async () => {
  cluster = await kubernetesOnNetwork();
});
afterEach(async () => {
  for (const kubectl of opened.splice(0)) kubectl.close();
  await cluster.close();
});

describe('kubectl, of a container that ends,', () => {
  testWithKubectl('shows why, how often and how long ago', async () => {
    const kubectl = as('reader');
    const name = cluster.pod();
    const row = async () => (await kubectl.ok('get', 'pod', name, '--no-headers')).trim().split(/\s{2,}/);
    cluster.run(600);
    cluster.end('OOMKilled', name);
    expect((await row()).slice(0, 4)).toEqual([name, '0/1', 'OOMKilled', '0']);
    cluster.run(30);
    expect((await row()).slice(0, 4)).toEqual([name, '1/1', 'Running', '1 (30s ago)']);
    cluster.run(150);
    expect((await row())[3]).toBe('1 (3m ago)');
    cluster.end('Error', name);
    cluster.run(5);
    expect((await row()).slice(0, 4)).toEqual([name, '0/1', 'CrashLoopBackOff', '1 (5s ago)']);
  });

  testWithKubectl('describes its last state and the Events about it', async () => {
    const kubectl = as('reader');
    const name = cluster.pod();
    cluster.run(60);
    cluster.end('OOMKilled', name);
    cluster.run(60);
    cluster.end('Error', name);
    cluster.run(5);
    const described = await kubectl.ok('describe', 'pod', name);
    expect(described).toMatch(/^\s+State:\s+Waiting\n\s+Reason:\s+CrashLoopBackOff$/m);
    expect(described).toMatch(/^\s+Last State:\s+Terminated\n\s+Reason:\s+Error\n\s+Exit Code:\s+1$/m);
    expect(described).toMatch(/^\s+Restart Count:\s+1$/m);
    expect(described).toMatch(/^\s+Ready\s+False\s*$/m);
    expect(described).toMatch(/Warning\s+BackOff\s.*Back-off restarting failed container web in pod web-/);
    cluster.run(60);
    expect(await kubectl.ok('describe', 'pod', name)).toMatch(/^\s+State:\s+Running$/m);
    expect(await kubectl.ok('-n', 'default', 'get', 'events')).toMatch(
      /Warning\s+OOMKilling\s+node\/node-\S+\s+Memory cgroup out of memory: Killed process \d+ \(web\)/,
    );
    expect(await kubectl.ok('rollout', 'status', 'deploy/web')).toContain('successfully rolled out');
  });

  testWithKubectl('reads what it wrote before its end, and after', async () => {
    const kubectl = as('reader');
    const name = cluster.pod();
    const times = async (...args: string[]) => {
      const lines = (await kubectl.ok('logs', name, '--timestamps', ...args)).trimEnd().split('\n');
      return lines.filter(Boolean).map((line) => line.slice(0, 19));
    };
    expect(await kubectl.refused('logs', name, '--previous')).toContain(
      `previous terminated container "web" in pod "${name}" not found`,
    );
    cluster.run(120);
    cluster.end('Error', name);
    cluster.run(60);
    const [before, after] = [await times('--previous'), await times()];
    expect(before.length).toBeGreaterThan(3);
    expect(after.length).toBeGreaterThan(3);
    expect(before.every((at) => at <= '2026-03-01T12:02:00')).toBe(true);
    expect(after.every((at) => at > '2026-03-01T12:02:00')).toBe(true);
    cluster.end('Error', name);
    cluster.run(5);
    // Of a container that waits there is what it wrote last.
    expect(await times()).toEqual(after);
  });
});

describe('kubectl, deleting a pod,', () => {
  testWithKubectl('sees it terminate until it is gone', async () => {
    const kubectl = as('colleague');
    const name = cluster.pod();
    const watch = kubectl.follow('get', 'pod', name, '-w', '--no-headers', '--output-watch-events');
    await watch.until(/ADDED .*Running/);
    const deletion = kubectl.follow('delete', 'pod', name);
    await deletion.until(/deleted/);
    await watch.until(/MODIFIED .*Terminating/);
    expect(await kubectl.ok('get', 'pods', '-l', 'app=web', '--no-headers')).toMatch(
      /1\/1\s+Terminating\s+0\s/,
    );
    expect(await kubectl.ok('describe', 'pod', name)).toMatch(
      /^Status:\s+Terminating.*\nTermination Grace Period:\s+30s$/m,
    );
    cluster.run(35);
    await watch.until(/DELETED .*Terminating/);
    watch.stop();
    expect(await kubectl.refused('get', 'pod', name)).toContain(`pods "${name}" not found`);
    expect(await kubectl.ok('get', 'deploy', 'web', '--no-headers')).toMatch(/^web\s+4\/4\s+4\s+4\s/);
    expect(await kubectl.ok('get', 'events')).toMatch(
      /Normal\s+Killing\s+pod\/web-\S+\s+Stopping container web/,
    );
  });

  testWithKubectl('by force has it gone at once', async () => {
    const kubectl = as('colleague');
    const name = cluster.pod();
    expect(await kubectl.ok('delete', 'pod', name, '--force', '--grace-period=0')).toContain('force deleted');
    expect(await kubectl.refused('get', 'pod', name)).toContain('not found');
  });
});

describe('kubectl, of an autoscaler that acts,', () => {
  testWithKubectl('shows use against target, and why it went no further', async () => {
    const kubectl = as('reader');
    cluster.setUse(300);
    cluster.run(60);
    expect(await kubectl.ok('get', 'hpa', 'web', '--no-headers')).toMatch(
      /^web\s+Deployment\/web\s+cpu: 300%\/80%\s+4\s+8\s+8\s/,
    );
    const described = await kubectl.ok('describe', 'hpa', 'web');
    expect(described).toMatch(
      /resource cpu on pods\s+\(as a percentage of request\):\s+300% \(2400m\) \/ 80%/,
    );
    expect(described).toMatch(
      /AbleToScale\s+True\s+ReadyForNewScale\s+recommended size matches current size/,
    );
    expect(described).toMatch(/ScalingActive\s+True\s+ValidMetricFound\s/);
    expect(described).toMatch(
      /ScalingLimited\s+True\s+TooManyReplicas\s+the desired replica count is more than the maximum replica count/,
    );
    expect(described).toMatch(
      /SuccessfulRescale\s.*New size: 8; reason: cpu resource utilization \(percentage of request\) above target/,
    );
    expect(await kubectl.ok('get', 'deploy', 'web', '-o', 'yaml', '--show-managed-fields')).toMatch(
      /manager: kube-controller-manager\n\s+operation: Update\n\s+subresource: scale/,
    );
  });
});

describe('kubectl, with an account of its own,', () => {
  testWithKubectl('knows who it is, and is refused what its role does not say', async () => {
    const [reader, colleague] = [as('reader'), as('colleague')];
    expect(await reader.ok('auth', 'whoami')).toMatch(
      /^Username\s+system:serviceaccount:countersign:countersign-reader$/m,
    );
    const user = 'User "system:serviceaccount:countersign:countersign-reader"';
    expect(await reader.refused('scale', 'deploy/web', '--replicas=9')).toContain(
      `deployments.apps "web" is forbidden: ${user} cannot patch resource "deployments/scale" in API group "apps" in the namespace "shop"`,
    );
    expect((await reader.run('auth', 'can-i', 'patch', 'deployments')).stdout).toBe('no\n');
    expect(await colleague.ok('auth', 'can-i', 'patch', 'deployments')).toBe('yes\n');
    expect(await colleague.ok('scale', 'deploy/web', '--replicas=5')).toContain('scaled');
    expect(await colleague.refused('get', 'nodes')).toContain('at the cluster scope');
    expect(await colleague.refused('-n', 'kube-system', 'get', 'pods')).toContain(
      'in the namespace "kube-system"',
    );
    expect(await colleague.ok('get', 'serviceaccounts')).toMatch(/^default\s+0\s+\d+/m);
    expect(await colleague.refused('get', 'rolebindings')).toContain('cannot list resource "rolebindings"');
  });

  testWithKubectl('acts as another where it may, and is refused elsewhere', async () => {
    const [reader, colleague] = [as('reader'), as('colleague')];
    const other = '--as=system:serviceaccount:shop:default';
    expect(await colleague.ok('auth', 'whoami', other)).toMatch(
      /^Username\s+system:serviceaccount:shop:default$/m,
    );
    expect(await colleague.refused('get', 'pods', other)).toContain(
      'User "system:serviceaccount:shop:default" cannot list resource "pods"',
    );
    expect(
      await colleague.refused('get', 'nodes', '--as=system:serviceaccount:countersign:countersign'),
    ).toContain(
      'serviceaccounts "countersign" is forbidden: User "system:serviceaccount:countersign:colleague" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "countersign"',
    );
    // What the server has kubectl asks first, and keeps.
    await reader.ok('get', 'pods');
    expect(await reader.refused('get', 'pods', '--as=admin')).toContain(
      'users "admin" is forbidden: User "system:serviceaccount:countersign:countersign-reader" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
  });

  testWithKubectl('gets further tokens, which end', async () => {
    const token = (await as('colleague').ok('create', 'token', 'default', '--duration=10m')).trim();
    const other = as({ token });
    expect(await other.ok('auth', 'whoami')).toContain('system:serviceaccount:shop:default');
    expect(await other.refused('get', 'pods')).toContain('cannot list resource "pods"');
    cluster.run(600);
    expect(await other.refused('get', 'pods')).toMatch(/Unauthorized|must be logged in/);
    expect(await as({ token: 'nobody' }).refused('get', 'pods')).toMatch(/Unauthorized|must be logged in/);
    expect(await as('reader').refused('create', 'token', 'default')).toContain(
      'cannot create resource "serviceaccounts/token"',
    );
  });

  testWithKubectl('shows who may do what, and grants no more than it holds', async () => {
    const [metadata, apiGroup] = [{ name: 'access-officer' }, 'rbac.authorization.k8s.io'];
    cluster.store.put<'ClusterRole'>(
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata,
        rules: [{ verbs: ['*'], apiGroups: [apiGroup], resources: ['rolebindings', 'clusterrolebindings'] }],
      },
      0,
    );
    cluster.store.put<'ClusterRoleBinding'>(
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata,
        subjects: [{ kind: 'ServiceAccount', name: 'countersign-reader', namespace: 'countersign' }],
        roleRef: { apiGroup, kind: 'ClusterRole', name: metadata.name },
      },
      0,
    );
    const kubectl = as('reader');
    expect(await kubectl.ok('get', 'rolebindings', '-o', 'wide')).toMatch(
      /^colleague\s+ClusterRole\/edit\s+\d+d\s+countersign\/colleague$/m,
    );
    expect(await kubectl.ok('get', 'clusterrolebindings')).toMatch(
      /^countersign-reader\s+ClusterRole\/countersign-reader\s/m,
    );
    const create = ['create', 'rolebinding', 'look', '--user=sam'];
    expect(await kubectl.refused(...create, '--clusterrole=edit')).toContain(
      'is attempting to grant RBAC permissions not currently held:\n{APIGroups:',
    );
    expect(await kubectl.ok(...create, '--clusterrole=countersign-reader')).toContain('look created');
    expect(await kubectl.ok('delete', 'rolebinding', 'look')).toContain('deleted');
  });
});
