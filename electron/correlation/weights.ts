import type { ChangeKind, MetricKind } from '../../shared/vocabulary/kinds.ts';

/** What a series shows when it is away from normal. Errors and availability are one symptom, told in two ways. */
export type Symptom = 'latency' | 'errors' | 'saturation' | 'loss' | 'surge' | 'other';

const MINUTE = 60_000;

/**
 * Every number of the ranking that was chosen and not computed. Where a comment names no source the number is judgement,
 * set once and not varied. "Compared" means that a few values were tried on recorded incidents (PetShop, Amazon) and the
 * best kept: such a number is fitted to them, so results on those same incidents flatter it.
 */
export const weights = {
  series: {
    /** Finer samples are gathered to this step; trouble is told in minutes. */
    leastStepMs: 15_000,
    /** A level is the median over this time, so that a spike of under half of it leaves no trace. */
    sustainedMs: 5 * MINUTE,
    /** Bounds on that in samples: a median of fewer follows noise, of more comes too late. */
    leastWidth: 3,
    mostWidth: 13,
    /** Fewer reference samples than this do not tell what is normal. */
    leastReference: 5,
  },
  /** Share of the data first taken as normal, before an onset is known; the second is tried when the first shows nothing. */
  firstReference: [0.5, 0.2],
  /** That part ends at a multiple of a power of two that is at most one in so many of the whole. */
  referenceSteps: 64,
  /** A deviation that started longer than this before the incident is another story. */
  lookBackMs: 45 * MINUTE,
  /** 1.4826 makes the MAD of a normal distribution its standard deviation (Rousseeuw & Croux 1993). */
  madToSigma: 1.4826,
  /** Standard error of a median over that of the mean, sqrt(pi/2). */
  medianToMean: 1.2533,
  /** The quantile of |N(0,1)| whose value stands beside it: a robust scale that also sees heavy tails. */
  tail: { quantile: 0.98, sigmas: 2.326 },
  /** Standard deviations from which a sustained deviation is credible; with thousands of series 3 passes by chance. */
  credibleAt: 4,
  /** Below that, and from here on, a service is looked at more closely. */
  suspectAt: 2.5,
  /** So many are looked at closely, and of them so many to date the incident. */
  mostSuspects: 50,
  mostToDate: 25,
  /** It began where its level first passed this, or this share of its height, with a sample that is no mere noise. */
  beganAt: { sigmas: 3, share: 0.1, noiseSigmas: 2 },
  /** Strength at which a deviation counts half. Sensitive: compared, and 12 places a tenth fewer causes in the first four. */
  halfStrength: 6,
  /**
   * By kind, on the scale it is judged on (latency, traffic and saturation by logarithm; shares of failures by root, on
   * which their binomial noise is even, Anscombe 1948): `floor` is the least scale, `half` the effect that counts half,
   * `weight` how much it says about trouble at all.
   */
  kind: {
    latency: { floor: 0.04, half: 0.4, weight: 1 },
    error_rate: { floor: 0.015, half: 0.1, weight: 1 },
    availability: { floor: 0.015, half: 0.1, weight: 1 },
    saturation: { floor: 0.05, half: 0.4, weight: 0.6 },
    traffic: { floor: 0.05, half: 0.5, weight: 0.5 },
    other: { floor: 0.1, half: 0.7, weight: 0.25 },
  } satisfies Record<MetricKind, { floor: number; half: number; weight: number }>,
  /** More requests are seldom trouble in themselves; fewer are. */
  surgeShare: 0.5,
  /** Onsets within this of each other, and within some samples, belong to one incident. */
  clusterMs: 10 * MINUTE,
  clusterSteps: 3,
  /** Within a cluster the incident began with the first that is at least this share as severe as the worst. */
  clusterShare: 0.3,
  /** What a service shows beyond what others explain (own-excess.ts). Judgement, from how calls, queues and counts behave. */
  own: {
    /** The time before the trouble ends at a multiple of a power of two that is at most one in so many of the whole. */
    stretchSteps: 24,
    /** A level of the remainder is the median over this time: longer than the spikes that a restart leaves. */
    sustainedMs: 8 * MINUTE,
    /** In samples no more than this: with fine steps an alert comes minutes after the onset. */
    mostWidth: 9,
    /** Own trouble may start this long before the incident is felt. */
    lookBackMs: 45 * MINUTE,
    /** Samples left out before the incident, where its cause may already work. */
    gap: 5,
    /** Strength from which an onset is read off a remainder. */
    clearAt: 3,
    /** What a channel says about people suffering, and the size that counts half. */
    urgency: {
      latency: { weight: 1, half: 0.4 },
      errors: { weight: 1, half: 0.01 },
      work: { weight: 1, half: 0.3 },
      calls: { weight: 0.7, half: 0.3 },
      demand: { weight: 0.7, half: 0.2 },
      memory: { weight: 0.2, half: 0.4 },
    },
    urgentAt: 0.25,
    /** The level just before the trouble counts as normal: this many samples. */
    recent: 60,
    /** Before anything is learnt of a call: what part of a callee's latency or failures goes into its caller's. */
    sharePrior: {
      latency: { mean: 0.45, deviation: 0.3 },
      errors: { mean: 0.35, deviation: 0.25 },
      work: { mean: 0.6, deviation: 0.4 },
    },
    mostInherited: 0.85,
    /** Traffic from outside is compared with that of this time before. */
    drift: { fromMs: 60 * MINUTE, toMs: 20 * MINUTE },
    usualUtilisation: 0.5,
    /** How far the queue's formula may be off, as a part of its logarithm. */
    loadDoubt: 0.4,
    overloadErrors: 0.1,
    patienceSeconds: 0.3,
    slower: 1.3,
    timeoutErrors: 0.15,
    retries: 2,
    fewRequests: 5,
    /** A gauge that goes with traffic at least so steeply (by logarithms) tells work, else memory. */
    workSlope: 0.35,
    leastShare: 0.05,
    floor: { latency: 0.02, errors: 0.0015, work: 0.02, traffic: 0.02 },
  },
  /** What grows slowly, over hours (slow-drift.ts). Judgement. In samples of what is told coarsely. */
  drift: {
    /** It was level for so long, and has grown for so long. */
    leastLevel: 6,
    leastGrowing: 12,
    /** Grown by a fifth at least, and a straight line leaves no more than this of what a level leaves. */
    leastSize: Math.log(1.2),
    leastSteadiness: 0.7,
    /** A gauge that moves with its traffic, from sample to sample, at least so steeply is work. */
    workSlope: 0.5,
    leastNoise: 0.01,
    temper: 0.25,
  },
  onsetProfile: {
    rampsMs: [0, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE],
    leastAfter: 3,
    /** What so many of the last samples show is no spike, however short a part it is of all; up to so high. Judgement. */
    lately: 5,
    mostLately: 5,
    temper: 0.5,
    /** So much of each likelihood goes to the places around it, by e less with each of these times. Judgement. */
    blur: { share: 0.25, reachMs: 4 * MINUTE },
  },
  /** How a number becomes a sign that is weighed. */
  signs: {
    /** So many deviations come about by chance, over all the places looked at. */
    chance: 2.5,
    /** What a departure that has passed is worth beside one that lasts. */
    passed: 0.3,
    halfCertain: 5,
    /** Failures and relative excess at which the size counts log 2. */
    errors: 0.004,
    others: 2,
    most: 4,
    crowdMs: 6 * MINUTE,
    leastSpanMs: 60 * MINUTE,
  },
  service: {
    /** Likelihood grows as e to this times the own excess: a service wholly out of order counts e^7 a quiet one.
     * Compared with 4, 5 and 10: the lower are worse, 10 is better where effects come late and worse elsewhere. */
    steepness: 7,
    /** Even a callee as bad as its caller leaves this undone: it may be the caller that overloads it. */
    mostExplained: 0.8,
    /** The part of the evidence that goes when no caller shows anything: an incident is what reaches its callers.
     * Compared with 0.2 and 0.8. */
    inconsequential: 0.5,
    /** Credit of an onset falls by e with each of these away from the incident's, beyond the tolerance, down to a least. */
    promptMs: 6 * MINUTE,
    toleranceMs: 2 * MINUTE,
    leastPromptness: 0.1,
    /** What is left of a part's contrast when the whole service shows no symptom. Judgement. */
    unseenInWhole: 0.5,
    /** What an unmeasured service is given of its callers' unexplained excess. */
    unmeasured: 0.7,
  },
  /** Delay from change to effect: half within minutes, a third within twenty, the rest flat (the design's lag prior). */
  lag: {
    quick: { share: 0.5, meanMs: 3 * MINUTE },
    slow: { share: 0.3, meanMs: 20 * MINUTE },
    flatMs: 120 * MINUTE,
    /** An onset is known to within a step and this. */
    sureMs: 0.25 * MINUTE,
    /** A density above e to this is that of a change which took effect at once: it has a weight of its own. */
    atOnce: 1,
    /** A lead of less is told as a coincidence. */
    coincidesMs: 0.75 * MINUTE,
    /** What is left of a change that came clearly after the onset, relative to one at any time before. */
    afterwards: 0.003,
  },
  cohort: {
    /** A contrast this severe makes a part bad; below the other, with so many samples, it is cleared. */
    badAt: 0.2,
    clearedBelow: 0.05,
    leastToClear: 6,
    leastPairs: 3,
    /** The rest is bad too from this share of the effect that counts half (see `kind`). */
    restIsBadFrom: 0.5,
    /** How much more likely a change is when only what it brought is bad; and less when that is not so. Judgement. */
    alone: 20,
    cleared: 0.1,
    elsewhere: 0.3,
    /** A version answers its first request within this of its deployment; the deployment may be told a little late. */
    introducedMs: 10 * MINUTE,
    seenEarlyMs: 2 * MINUTE,
    /** What first appeared within this of the onset is compared from its first sample on. */
    newbornMs: 5 * MINUTE,
    /** Few samples are believed to stray by so many times what the rest strayed by before, at most. */
    handfulTimes: 3,
  },
  /** By how much the stages of a rollout explain the trouble better than one step (log-odds). Judgement. */
  dose: { least: -1, most: Math.log(20) },
  /** What came of taking a change back. Judgement. */
  reversal: {
    /** Taken back longer than this before the trouble it was not at work in it, but for what lingers. */
    earlyMs: 2 * MINUTE,
    /** It takes so long to show, in so many samples, and there must have been so many deviations of trouble. */
    settledMs: 2 * MINUTE,
    leastSamples: 3,
    leastDeviations: 2.5,
    /** Gone when less than this part of the trouble is left, and there as before when more than the other is. */
    goneBelow: 0.3,
    stayedFrom: 0.8,
    /** Odds when the trouble went, when it stayed, and when the change had been taken back before there was any. */
    helped: 6,
    inVain: 0.2,
    before: 0.4,
  },
  /** What trouble gathered on one machine says of a change to it: log-odds of its share over the expected one. Judgement. */
  node: { few: 0.1, most: 1.5 },
  change: {
    /** From this own excess on a change is timed by its own service's onset. */
    ownOnsetFrom: 0.15,
    /** A severity below this is not spoken of. */
    noticeable: 0.1,
    /** A factor from here on speaks for a change, below the other against it; between them it is not told as a reason. */
    speaksFor: 0.6,
    speaksAgainst: 0.35,
    /** By what such changes can do at all: symptoms that a kind does not bring about by itself count less. */
    likeness: {
      deploy: { latency: 1, errors: 1, saturation: 1, loss: 0.7, surge: 0.5, other: 1 },
      flag: { latency: 1, errors: 1, saturation: 1, loss: 0.7, surge: 0.5, other: 1 },
      config: { latency: 1, errors: 1, saturation: 1, loss: 0.7, surge: 0.5, other: 1 },
      scale: { latency: 1, errors: 0.7, saturation: 1, loss: 0.5, surge: 0.3, other: 1 },
      traffic: { latency: 0.7, errors: 0.5, saturation: 0.7, loss: 1, surge: 1, other: 0.7 },
      infrastructure: { latency: 1, errors: 0.7, saturation: 1, loss: 0.7, surge: 0.3, other: 1 },
    } satisfies Record<ChangeKind, Record<Symptom, number>>,
    prior: { deploy: 1, flag: 1, config: 1, scale: 0.7, infrastructure: 0.7, traffic: 0.7 } satisfies Record<
      ChangeKind,
      number
    >,
  },
  /** About 70 % of outages come from changes to a live system (Beyer et al., Site Reliability Engineering, 2016, ch. 1). */
  causedByChange: 0.7,
  /**
   * What is added to the log-odds of "none of these". The cases that the weights were fitted on (fitted-weights.ts) lacked a
   * guilty change in one of three; the new base rate moves the odds alone (Saerens, Latinne and Decaestecker 2002, Neural
   * Computation 14), and no order. Two in five is judgement, between the 30 % of `causedByChange` and the half of the bench.
   * Fitted by test/bench/correlation/calibrate.ts on 4800 cases, seeds that no weight was fitted on and nothing is judged by.
   */
  novelty: { ofIncidents: 0.4, logOdds: 0.342 },
  /**
   * Changes with at least this share of the best score are worth reading, within these bounds, and none whose score is
   * nothing in the two digits that are shown.
   */
  worthReading: { share: 0.1, least: 3, most: 6, score: 0.005 },
} as const;
