/**
 * Every number of the ranking that was chosen and not computed, in one place, each with its source.
 * Times are in milliseconds, scales in robust standard deviations.
 */
export const weights = {
  /** Share of the window that counts as normal: trouble is reported at the end of its window. By construction. */
  referenceShare: 0.55,
  /** Fewer reference points than this say nothing about normal. */
  leastReference: 6,
  /** 1.4826 makes the MAD of a normal distribution its standard deviation (Rousseeuw & Croux 1993). */
  madToSigma: 1.4826,
  /** A series that hardly moves is not anomalous for moving a twentieth. Chosen so that flat series stay silent. */
  relativeFloor: 0.05,
  /** Absolute floors by kind, since shares near 0 or 1 have a MAD of 0: about the noise of a share over 1 000 requests. */
  absoluteFloor: {
    error_rate: 0.003,
    availability: 0.003,
    latency: 0,
    traffic: 0,
    saturation: 0.02,
    other: 0,
  },
  /** A sustained deviation from here on is an anomaly; the tail of a t-distribution passes 4 too often. */
  anomalyAt: 5,
  /** It must also matter: this share of normal, where normal is not near 0. */
  leastChange: 0.2,
  /** A deviation is sustained when the median over this time is; one bad scrape is not trouble. */
  sustainedMs: 60_000,
  /** The strength at which a service counts as half out of order. */
  halfStrength: 20,
  /** Delay from change to symptom, heavy-tailed: half within 3 min, a third within 20, the rest flat over 2 h. */
  lag: {
    fast: { share: 0.5, meanMs: 3 * 60_000 },
    slow: { share: 0.33, meanMs: 20 * 60_000 },
    flatMs: 120 * 60_000,
  },
  /** Onsets are found to about this; a change that much later than one may still have caused it. */
  onsetToleranceMs: 60_000,
  /** What is left of a change that came after the trouble had begun. */
  afterOnset: 0.02,
  /** What a service that only suffers from its callees keeps of its own deviation. */
  sufferingOnly: 0.25,
  /** What a change on a service in order keeps: it may act where nothing is measured. */
  quietService: 0.03,
  /** Half the credit of earliness is lost when a service's trouble began this long after the first. */
  earlinessMs: 4 * 60_000,
  /** How a change of a kind fits trouble of a kind, where they fit badly. By what such changes can do at all. */
  fit: {
    deploy: {},
    flag: {},
    config: {},
    scale: { error_rate: 0.5 },
    traffic: { error_rate: 0.5 },
    infrastructure: {},
  },
  /** How often changes of a kind are the cause, relative to deploys, in published post-mortems of large operators. */
  prior: { deploy: 1, config: 0.8, flag: 0.8, traffic: 0.45, scale: 0.35, infrastructure: 0.4 },
  /** Exponents of the factors in the product that is the score. */
  exponent: { precedence: 0.5, place: 1, fit: 0.5, cohort: 1, prior: 0.5 },
  /** A cohort neither clears nor accuses when there is none to compare. */
  noCohort: 0.6,
  /** What is left of a change whose cohort is no worse than the rest. */
  clearedByCohort: 0.1,
  /** Candidates with at least this share of the best score are worth reading, within the bounds beside it. */
  worthReading: { share: 0.3, most: 6, least: 3 },
} as const;
