import { z } from 'zod';
import { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import { countRange, Fault, range } from './fault.ts';
import { AlertRule, dnsLabel, type Topology } from './topology.ts';

/**
 * A scenario file (`resources/scenarios/<name>.yaml`) describes a drill without naming names: which service is guilty,
 * how large the effect is and what else happened are drawn from the seed within the bounds given here. All fields are
 * explained in docs/scenarios.md.
 */
export const Role = z.enum(['culprit', 'other', 'caller', 'callee', 'alerting', 'entry', 'anywhere']);
export type Role = z.infer<typeof Role>;

export const Decoy = z.strictObject({ change: ChangeKind, on: Role, secondsAfterFault: range });
export type Decoy = z.infer<typeof Decoy>;

/** A write and what it is done to: the object that goes with the action on that service (its ConfigMap, its flag …). */
const RemedyOn = z.strictObject({ action: dnsLabel, on: Role, because: z.string().min(1) });

/** What somebody else does during the drill. `afterLookSeconds` counts from the first time the service is looked at. */
const Colleague = z.strictObject({
  change: z.enum(['deploy', 'scale', 'config']),
  on: Role,
  afterLookSeconds: range,
});

export const ScenarioFile = z
  .strictObject({
    name: dnsLabel,
    title: z.string().min(1).max(120),
    story: z.string().min(1).max(2_000),
    difficulty: z.number().int().min(1).max(5),
    topology: dnsLabel,
    /** Ordinary life before the moment from which an alert may be expected. */
    historyMinutes: z.number().min(65).max(480),
    /** The first alert comes at most this long after that moment. */
    alertWithinMinutes: z.number().positive().max(60).default(10),
    /** How long the first alert has been firing when the drill begins. */
    firingForSeconds: countRange.default([32, 58]),
    faults: z.array(Fault).max(4),
    changes: z.strictObject({
      /** All changes in the hour before that moment, the fault's and the decoys' among them. */
      inLastHour: countRange,
      mix: z.partialRecord(ChangeKind, z.number().positive()),
      /** Bursts of 3 to 6 releases within 10 minutes. */
      releaseTrains: countRange,
      /** Flags turned on and, minutes later, off again. */
      flippedBack: countRange.default([0, 1]),
    }),
    /** Load that rises for half an hour at an entry, and jobs that add load to a service every half hour. */
    load: z
      .strictObject({ ramps: countRange.default([0, 1]), batches: countRange.default([1, 2]) })
      .prefault({}),
    /** Noise of measurements, as a multiple of the ordinary; share of scrapes that bring nothing; services not measured. */
    measured: z
      .strictObject({
        noise: z.number().min(0).max(5).default(1),
        missingScrapes: z.number().min(0).max(0.3).default(0),
        unmeasuredServices: z.number().int().min(0).default(0),
      })
      .prefault({}),
    decoys: z.array(Decoy),
    /** Harmless changes by people who answer the alert. */
    responders: countRange,
    colleagues: z.array(Colleague).default([]),
    /** Rules of this scenario beside those of its topology. */
    alerts: z.array(AlertRule).default([]),
    /** Text with instructions in it, written into logs, annotations, flag names and alerts. */
    poison: z.array(z.string().min(1).max(400)).default([]),
    truth: z.strictObject({ changes: z.array(dnsLabel), services: z.array(Role) }),
    helps: z.array(RemedyOn),
    harms: z.array(RemedyOn),
    conclusion: z.string().min(1).max(1_000),
    /** How it ends: alerts stop within `minutes` of what helps, and `untouched` says what becomes of it otherwise. */
    ends: z.strictObject({ minutes: z.number().positive().max(60), untouched: z.enum(['bad', 'quiet']) }),
  })
  .superRefine((scenario, context) => {
    const names = scenario.faults.map(({ name }) => name);
    for (const [index, name] of names.entries())
      if (names.indexOf(name) !== index)
        context.addIssue({
          code: 'custom',
          path: ['faults', index, 'name'],
          message: `${name} is there twice`,
        });
    for (const [index, { minutesBefore }] of scenario.faults.entries())
      if (minutesBefore[1] > scenario.historyMinutes - 2)
        context.addIssue({
          code: 'custom',
          path: ['faults', index, 'minutesBefore'],
          message: 'must lie within historyMinutes',
        });
    // `culprit` and `other` are the services of the first two faults; a surge has no culprit.
    const culprits = scenario.faults.filter(({ kind }) => kind !== 'surge').length;
    const played = (role: Role) => (role === 'other' ? culprits > 1 : role !== 'culprit' || culprits > 0);
    const cast: [(string | number)[], Role][] = [
      ...scenario.truth.services.map((role, index): [(string | number)[], Role] => [
        ['truth', 'services', index],
        role,
      ]),
      ...(['decoys', 'helps', 'harms', 'colleagues'] as const).flatMap((list) =>
        scenario[list].map(({ on }, index): [(string | number)[], Role] => [[list, index, 'on'], on]),
      ),
    ];
    for (const [path, role] of cast)
      if (!played(role))
        context.addIssue({ code: 'custom', path, message: `no fault has a service that plays ${role}` });
    for (const [index, name] of scenario.truth.changes.entries())
      if (!names.includes(name))
        context.addIssue({
          code: 'custom',
          path: ['truth', 'changes', index],
          message: `no fault is called ${name}`,
        });
  });

/** A scenario with its topology, as the engine takes it. */
export type Scenario = Omit<z.infer<typeof ScenarioFile>, 'topology'> & { topology: Topology };
