// When a number of the flow becomes a signal. All thresholds are here, and nowhere else.

export const signalThresholds = {
  /** Fewer messages or entries than these say nothing yet. */
  minimum: 100,

  /** Delivery trouble: failed of attempts, of a step's messages or of those of one platform. */
  delivery: {
    /** This share of attempts failed, whatever is usual. */
    rate: 5,
    /** Or this share, when it is also so many times the usual one, by more than chance explains. */
    noticedRate: 2,
    timesUsual: 2,
  },

  /** Friction: dropped off of entered, against the median of the journey's steps. */
  friction: {
    /** So many times the median, and so many percentage points above it… */
    timesMedian: 5,
    pointsAbove: 5,
    /** …or so many points above it, where five times the median is more than a step can lose. */
    pointsAlone: 20,
  },

  /** Low engagement: clicked of sent at most this part of the usual share, by more than chance explains. */
  engagement: { ofUsual: 0.5 },

  /** Waiting pile-up: this share of those that entered is still in the step. */
  pileUp: {
    /** On a step made for waiting, and on a branch, which waits for its event. */
    waitRate: 50,
    rate: 20,
  },

  /** A transition that the definition does not have: this share of those that moved on from its step. */
  undefinedTransition: {
    rate: 1,
    /** None is told where the definition explains less than this share of all moves: a log was mined, or the plan is another. */
    explainedRate: 50,
  },
} as const;
