import { Document, isMap, isSeq, stringify } from 'yaml';
import type { Scenario } from '../scenario/scenario.ts';
import type { Topology } from '../scenario/topology.ts';

/** A scenario and its topology as the text of their two files, in the documented format. */
export function scenarioFiles(scenario: Scenario): { name: string; scenario: string; topology: string } {
  const { topology, ...file } = scenario;
  return {
    name: scenario.name,
    scenario: stringify({ ...file, topology: topology.name }),
    topology: topologyText(topology),
  };
}

/** One call a line: a world of hundreds must still be readable. */
function topologyText(topology: Topology): string {
  const document = new Document(topology);
  const services = document.get('services');
  for (const service of isSeq(services) ? services.items : []) {
    const calls = isMap(service) ? service.get('calls') : null;
    for (const call of isSeq(calls) ? calls.items : []) if (isMap(call)) call.flow = true;
  }
  return document.toString({ lineWidth: 0 });
}
