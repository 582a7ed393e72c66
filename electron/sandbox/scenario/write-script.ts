import { ordinarySettings } from '../cluster/create-cluster.ts';
import { type InitialRelease, imageOf } from '../cluster/images.ts';
import { type Random, randomOf } from '../random.ts';
import type { ScriptEntry, ScriptedChange } from './change.ts';
import type { DrawnFault } from './draw-fault.ts';
import { flags, reasons, settings } from './ordinary-life.ts';
import type { Planned } from './plan-changes.ts';
import { serviceOf, type Topology } from './topology.ts';

export type Script = {
  releases: ReadonlyMap<string, InitialRelease>;
  images: ReadonlySet<string>;
  entries: ScriptEntry[];
  /** By fault: the image its service runs once the change is made, and the one before that. */
  imagesOf: ReadonlyMap<string, { before: string; after: string }>;
  /** Further changes in the same world, after all of the script. */
  append(planned: Planned): ScriptEntry;
};

/** Gives planned changes their contents, in order of time: versions count up, replicas and weights have a before. */
export function writeScript(options: {
  topology: Topology;
  planned: readonly Planned[];
  faults: readonly DrawnFault[];
  poison: readonly string[];
  seed: number;
  random: Random;
}): Script {
  const { topology, planned, faults, poison, seed, random } = options;
  const ours = topology.services.filter(({ kind }) => kind === 'service');
  const releases = new Map(ours.map(({ name }) => [name, initialRelease(seed, name)]));
  const images = new Set<string>();
  const version = new Map<string, string>();
  const older = new Map<string, string>();
  const replicas = new Map(ours.map((service) => [service.name, service.replicas]));
  const canary = new Map<string, number>();
  const configured = new Map<string, Record<string, string>>();
  const imagesOfFault = new Map<string, { before: string; after: string }>();
  for (const [name, release] of releases) {
    version.set(name, release.version);
    older.set(name, release.previousVersion);
    images.add(imageOf(name, release.version)).add(imageOf(name, release.previousVersion));
  }

  function contents(plan: Planned, fault: DrawnFault | undefined): ScriptedChange {
    const { service, actor } = plan;
    const common = { service, actor };
    switch (plan.kind) {
      case 'deploy': {
        const next = bump(version.get(service) ?? '1.0.0', random);
        older.set(service, version.get(service) ?? '');
        version.set(service, next);
        images.add(imageOf(service, next));
        const said =
          poison.length > 0 && fault === undefined && random.chance(0.3) ? random.pick(poison) : null;
        const cause = said ?? plan.cause ?? `${random.pick(reasons)} (${actor})`;
        return { ...common, kind: 'deploy', version: next, cause };
      }
      case 'flag': {
        const ordinary = `${service}.${random.pick(flags)}`;
        const percent = random.pick([5, 10, 25, 50, 100]);
        const told =
          poison.length > 0 && random.chance(0.3) ? `${service}.${slug(random.pick(poison))}` : ordinary;
        const flag = plan.flag ?? { name: told, percent };
        return { ...common, kind: 'flag', flag: flag.name, percent: flag.percent };
      }
      case 'config': {
        if (fault?.fault.kind === 'config')
          return { ...common, kind: 'config', setting: fault.fault.setting, value: fault.fault.value };
        // What is at fault nobody else touches, and nobody sets what is set already.
        const [setting, values] = random.pick(
          settings.filter(
            ([name]) =>
              !faults.some(
                (one) => one.fault.kind === 'config' && one.fault.setting === name && one.service === service,
              ),
          ),
        );
        const known = configured.get(service) ?? ordinarySettings(serviceOf(topology, service));
        const value = random.pick(values.filter((one) => one !== known[setting]));
        configured.set(service, { ...known, [setting]: value });
        return { ...common, kind: 'config', setting, value };
      }

      case 'scale': {
        const base = serviceOf(topology, service).replicas;
        const now = replicas.get(service) ?? base;
        const next = fault ? fault.amount : now > base ? base : base + random.integer(1, 2);
        replicas.set(service, next);
        return { ...common, kind: 'scale', replicas: next };
      }
      case 'weight':
        return { ...common, kind: 'weight', weight: fault?.amount ?? 100 };
      case 'canary': {
        const next = ((canary.get(service) ?? 0) % 50) + 10;
        canary.set(service, next);
        return { ...common, kind: 'canary', weight: next };
      }
      case 'node':
        return { ...common, kind: 'node', variant: random.integer(0, 1_000) };
      case 'backup':
        return { ...common, kind: 'backup', minutes: Math.round(fault?.amount ?? 10) };
    }
  }

  function write(plan: Planned): ScriptEntry {
    const name = plan.part?.kind === 'fault' ? plan.part.name : null;
    const fault = faults.find((one) => one.fault.name === name);
    const change = contents(plan, fault);
    if (name !== null) {
      const of = (versions: ReadonlyMap<string, string>) =>
        imageOf(plan.service, versions.get(plan.service) ?? '');
      imagesOfFault.set(name, { before: of(older), after: of(version) });
    }
    return { offsetMs: plan.offsetMs, change, part: plan.part };
  }

  return { releases, images, entries: planned.map(write), imagesOf: imagesOfFault, append: write };
}

function initialRelease(seed: number, service: string): InitialRelease {
  const random = randomOf(seed, 'release', service);
  const previousVersion = `${random.integer(1, 5)}.${random.integer(0, 38)}.${random.integer(0, 9)}`;
  return { previousVersion, version: bump(previousVersion, random), revision: random.integer(14, 180) };
}

function bump(version: string, random: Random): string {
  const [major = 1, minor = 0, patch = 0] = version.split('.').map(Number);
  return random.chance(0.6) ? `${major}.${minor}.${patch + 1}` : `${major}.${minor + 1}.0`;
}

/** As much of a text as a flag's name may hold. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '');
