import type { ClusterKind } from '../../cluster/kinds.js';
import { namespacedName } from '../../cluster/names.js';
import type { ClusterStore, ObjectChange } from '../../cluster/store.js';
import { type FeedIntake, storeEvent } from '../feed-intake.js';
import { SourceTracker } from './source-facts.js';
import { createSourceReport } from './source-report.js';
import {
  followsEndpoints,
  isUnsure,
  nextState,
  type SourceFacts,
  type SourceState,
  type SourceTiming,
} from './source-state.js';

export interface EndpointsSwitchOptions {
  readonly store: ClusterStore;
  /** The kinds that are followed from the start. Endpoints objects are not among them. */
  readonly kinds: readonly ClusterKind[];
  /** Starts and stops the feed of Endpoints objects. */
  readonly setFollowed: (isFollowed: boolean) => void;
  readonly onChanges: (changes: readonly ObjectChange[]) => void;
  /** Gets a line about the source of the endpoints: at the start, and whenever it changes. */
  readonly onSource: (line: string) => void;
  readonly onTrouble: (line: string) => void;
  readonly timing?: Partial<SourceTiming>;
}

/** An intake that is listed once the store has all endpoints that can be known. */
export interface EndpointsSwitch extends FeedIntake {
  /** Stops the timer. */
  readonly close: () => void;
}

/**
 * A controller makes a deleted slice again within milliseconds, and mirrors an Endpoints object within seconds. Nodes
 * that lose patience with the same controllers list Endpoints objects at different times.
 */
const defaultTiming = (): SourceTiming => ({
  hold: 1_000,
  longestHold: 10_000,
  patience: 60_000 * (1 + Math.random()),
  grace: 60_000,
});

/** Returns an intake that follows Endpoints objects only while they are the source of endpoints. */
export function createEndpointsSwitch(options: EndpointsSwitchOptions): EndpointsSwitch {
  let onListed = () => {};
  const listed = new Promise<void>(resolve => {
    onListed = resolve;
  });
  const source = new Switch(options, onListed);
  return { listed, onEvent: event => source.onEvent(event), close: () => source.close() };
}

class Switch {
  readonly #options: EndpointsSwitchOptions;
  readonly #onListed: () => void;
  readonly #timing: SourceTiming;
  readonly #tracker: SourceTracker;
  readonly #report: ReturnType<typeof createSourceReport>;
  readonly #missing: Set<ClusterKind>;
  #state: SourceState = { is: 'undecided' };
  #endpoints: SourceFacts['endpoints'] = 'unknown';
  #isListed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EndpointsSwitchOptions, onListed: () => void) {
    this.#options = options;
    this.#onListed = onListed;
    this.#timing = { ...defaultTiming(), ...options.timing };
    this.#tracker = new SourceTracker(options.store);
    this.#report = createSourceReport(options);
    this.#missing = new Set(options.kinds);
    options.store.unread.add('Endpoints');
  }

  readonly onEvent: FeedIntake['onEvent'] = event => {
    const wasListed = this.#isListed;
    const changes = storeEvent(this.#options.store, event);
    if (event.is === 'listed') {
      this.#missing.delete(event.kind);
      if (event.kind === 'Endpoints') this.#endpoints = event.isForbidden === true ? 'forbidden' : 'listed';
    }
    this.#tracker.apply(changes, !followsEndpoints(this.#state) || this.#state.is === 'reading');
    const further = this.#advance();
    if (wasListed) this.#options.onChanges(further.length === 0 ? changes : [...changes, ...further]);
  };

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Makes all transitions that are due, and returns the changes that come with them. */
  #advance(): readonly ObjectChange[] {
    const changes: ObjectChange[] = [];
    for (;;) {
      const before = this.#state;
      const facts = { ...this.#tracker.facts(), areListed: this.#missing.size === 0, endpoints: this.#endpoints };
      this.#state = nextState(before, facts, performance.now(), this.#timing);
      if (this.#state.is === before.is) break;
      changes.push(...this.#enter(before));
    }
    this.#schedule();
    const isKnown = !isUnsure(this.#state) || (this.#state.is === 'reading' && this.#endpoints === 'forbidden');
    if (isKnown && !this.#isListed) this.#onListed();
    this.#isListed ||= isKnown;
    this.#report.source(this.#state);
    return changes;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!('until' in this.#state)) return;
    this.#timer = setTimeout(
      () => {
        const changes = this.#advance();
        if (changes.length > 0) this.#options.onChanges(changes);
      },
      Math.max(0, this.#state.until - performance.now()),
    );
  }

  #enter(before: SourceState): readonly ObjectChange[] {
    const { store, setFollowed } = this.#options;
    const state = this.#state;
    if (isUnsure(state)) store.unread.add('Endpoints');
    else store.unread.delete('Endpoints');
    // Real servers were kept when these Services lost their slices. It is known now if they have others.
    const lost = isUnsure(state) ? [] : this.#tracker.forgetLosses();
    if (followsEndpoints(before) === followsEndpoints(state)) return lost;
    this.#endpoints = 'unknown';
    setFollowed(followsEndpoints(state));
    return followsEndpoints(state) ? lost : [...lost, ...this.#dropEndpoints()];
  }

  /** Removes the Endpoints objects. A Service with slices does not depend on its own. */
  #dropEndpoints(): readonly ObjectChange[] {
    this.#report.dropped(this.#tracker.unmirrored());
    const dropped = this.#options.store.list('Endpoints', []);
    this.#tracker.apply(dropped, false);
    return dropped.filter(
      ({ kind, before }) => kind === 'Endpoints' && before && this.#tracker.isUnsliced(namespacedName(before.metadata)),
    );
  }
}
