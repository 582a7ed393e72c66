/**
 * An API server of a cluster in which very much happens, in a process of its own: of twenty facts one is a change, the
 * others are warnings. Each Event carries the time at which it was sent. Prints its address; begins when it is told to by a line.
 */
import { createServer, type ServerResponse } from 'node:http';
import { argv, stdin, stdout } from 'node:process';

const [perSecond = 250, seconds = 60, seed = 0] = argv.slice(2).map(Number);
const everyMs = 10;
const watchers = new Set<ServerResponse>();

const server = createServer((request, response) => {
  const isEvents = request.url?.startsWith('/api/v1/events');
  if (!request.url?.includes('watch=true')) {
    response.setHeader('content-type', 'application/json');
    return void response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items: [] }));
  }
  response.writeHead(200).flushHeaders();
  if (isEvents) watchers.add(response);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  stdout.write(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});

stdin.once('data', () => {
  const total = perSecond * seconds;
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1_000) * perSecond));
    for (; sent < due; sent++) {
      const line = `${JSON.stringify({ type: 'ADDED', object: eventOf(sent) })}\n`;
      for (const watcher of watchers) watcher.write(line);
    }
    if (sent < total) return;
    clearInterval(timer);
    stdout.write('done\n');
  }, everyMs);
});

function eventOf(nth: number): object {
  const isChange = nth % 20 === 0;
  const service = `service-${seed}-${nth % 997}`;
  const at = new Date().toISOString();
  return {
    metadata: {
      name: `${service}.${nth}`,
      namespace: `team-${seed}`,
      uid: `${seed}-${nth}`,
      resourceVersion: String(nth + 2),
      creationTimestamp: at,
      ...(isChange
        ? { annotations: { 'countersign.dev/change': 'config', 'countersign.dev/service': service } }
        : {}),
    },
    type: isChange ? 'Normal' : 'Warning',
    reason: isChange ? 'Changed' : `Reason${nth}`,
    message: `sent at ${Date.now()} as number ${nth}`,
    involvedObject: { kind: 'Deployment', name: service, namespace: `team-${seed}` },
    eventTime: at,
  };
}
