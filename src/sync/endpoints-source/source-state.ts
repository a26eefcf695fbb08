/** What a watch knows of the source of the endpoints. Times are in milliseconds, by a clock that never goes back. */
export type SourceState =
  /** Services and EndpointSlices are not listed yet. */
  | { readonly is: 'undecided' }
  /** Endpoints objects are not followed. */
  | { readonly is: 'slices' }
  /**
   * The same, but Services with a selector have no slice. A controller that runs makes one for a new Service within
   * moments. `lacking` is the number of these Services.
   */
  | { readonly is: 'lacking'; readonly until: number; readonly lacking: number }
  /**
   * Services have lost their last slice, or the cluster its last one made by a controller. A controller that runs makes
   * them again at once. Until then the real servers of these Services stay.
   */
  | { readonly is: 'asking'; readonly since: number; readonly until: number; readonly lost: number }
  /** Endpoints objects are followed, but not listed yet. The real servers of Services without a slice stay. */
  | { readonly is: 'reading' }
  /** Endpoints objects are followed. No controller makes slices. */
  | { readonly is: 'endpoints' }
  /** Endpoints objects are followed, for the Services that still wait for the slices of a controller. */
  | { readonly is: 'both'; readonly until: number; readonly waiting: number };

/** Numbers of Services by whether controllers look for their Pods, or mirror an Endpoints object made by hand. */
export interface ServiceCounts {
  readonly withSelector: number;
  readonly others: number;
}

/** What the next state depends on. Only Services that nodes serve count. */
export interface SourceFacts {
  /** Services and EndpointSlices are listed. */
  readonly areListed: boolean;
  readonly controllerSlices: number;
  /** Services without a slice. */
  readonly unsliced: ServiceCounts;
  /** Of those, the ones that had a slice before, since the Endpoints objects were last followed. */
  readonly lost: ServiceCounts;
  /** Of those without a slice, the ones whose Endpoints object has ready addresses. */
  readonly waiting: ServiceCounts;
  readonly endpoints: 'unknown' | 'listed' | 'forbidden';
}

/** In milliseconds. */
export interface SourceTiming {
  /** How long a running controller has to make a deleted slice again. Starts again with each further lost Service. */
  readonly hold: number;
  /** The limit for all of that together. */
  readonly longestHold: number;
  /**
   * How long controllers have to make the slices of new Services, or of those that have lost theirs, before they count
   * as stopped. Starts again with each new Service that gets its slice. Long enough for another controller manager to
   * take over.
   */
  readonly patience: number;
  /** How long controllers have to mirror Endpoints objects. Starts again with each Service that gets its slice. */
  readonly grace: number;
}

/**
 * Returns the state that follows, or the same one. The caller asks again after each change and at `until`.
 *
 * Endpoints objects are followed only where they are needed, and no Service that works loses its endpoints while the
 * cluster changes: they are listed before anything is removed because its slices are gone, and followed until no
 * Service depends on them any more.
 */
export function nextState(state: SourceState, facts: SourceFacts, now: number, timing: SourceTiming): SourceState {
  switch (state.is) {
    case 'undecided':
      if (!facts.areListed) return state;
      return needsEndpoints(facts) ? { is: 'reading' } : { is: 'slices' };
    case 'slices':
    case 'lacking':
      return afterSlices(state, facts, now, timing);
    case 'asking':
      return afterAsking(state, facts, now, timing);
    case 'reading':
      return afterReading(state, facts, now, timing);
    case 'endpoints':
      return facts.controllerSlices === 0 ? state : both(facts, now, timing);
    case 'both':
      return afterBoth(state, facts, now, timing);
  }
}

/** The controllers make a slice for each Service with a selector, even an empty one. */
const needsEndpoints = ({ controllerSlices, unsliced }: SourceFacts): boolean =>
  controllerSlices === 0 || unsliced.withSelector > 0;

const total = ({ withSelector, others }: ServiceCounts): number => withSelector + others;

const both = ({ waiting }: SourceFacts, now: number, { grace }: SourceTiming): SourceState => ({
  is: 'both',
  until: now + grace,
  waiting: total(waiting),
});

function afterSlices(
  state: SourceState & { is: 'slices' | 'lacking' },
  { controllerSlices, lost, unsliced }: SourceFacts,
  now: number,
  { hold, patience }: SourceTiming,
): SourceState {
  if (controllerSlices === 0 || total(lost) > 0)
    return { is: 'asking', since: now, until: now + hold, lost: total(lost) };
  const lacking = unsliced.withSelector;
  if (lacking === 0) return { is: 'slices' };
  if (state.is === 'slices' || lacking < state.lacking) return { is: 'lacking', until: now + patience, lacking };
  return now < state.until ? { ...state, lacking } : { is: 'reading' };
}

function afterAsking(
  state: SourceState & { is: 'asking' },
  { controllerSlices, lost }: SourceFacts,
  now: number,
  { hold, longestHold, patience }: SourceTiming,
): SourceState {
  if (controllerSlices > 0 && total(lost) === 0) return { is: 'slices' };
  // All slices may be being deleted, one after another.
  if (total(lost) > state.lost)
    return { ...state, until: Math.min(state.since + longestHold, now + hold), lost: total(lost) };
  if (now < state.until) return state;
  // While other slices are left, the controllers are more likely slow than stopped, and all nodes would list at once.
  const mayBeSlow = controllerSlices > 0 && lost.withSelector > 0;
  if (mayBeSlow && now < state.since + patience) return { ...state, until: state.since + patience };
  // Of a Service without a selector, the controllers delete the slices with its Endpoints object.
  return controllerSlices === 0 || lost.withSelector > 0 ? { is: 'reading' } : { is: 'slices' };
}

function afterReading(state: SourceState, facts: SourceFacts, now: number, timing: SourceTiming): SourceState {
  if (facts.endpoints === 'listed')
    return facts.controllerSlices === 0 ? { is: 'endpoints' } : both(facts, now, timing);
  return facts.endpoints === 'forbidden' && !needsEndpoints(facts) ? { is: 'slices' } : state;
}

function afterBoth(
  state: SourceState & { is: 'both' },
  facts: SourceFacts,
  now: number,
  timing: SourceTiming,
): SourceState {
  const { controllerSlices, unsliced, waiting } = facts;
  if (controllerSlices === 0) return { is: 'endpoints' };
  if (unsliced.withSelector === 0 && total(waiting) === 0) return { is: 'slices' };
  // The controllers have not come to these yet, or have stopped.
  if (unsliced.withSelector > 0 || total(waiting) < state.waiting) return both(facts, now, timing);
  // What is not mirrored by now is not meant to be, and kube-proxy does not serve it either.
  return now < state.until ? { ...state, waiting: total(waiting) } : { is: 'slices' };
}

/** Returns true if Endpoints objects are followed in this state. */
export const followsEndpoints = ({ is }: SourceState): boolean =>
  is === 'reading' || is === 'endpoints' || is === 'both';

/** Returns true if the endpoints of a Service without a slice are not known in this state. */
export const isUnsure = ({ is }: SourceState): boolean => is === 'undecided' || is === 'asking' || is === 'reading';
