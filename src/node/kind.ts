import type { Change } from './change.js';
import type { Step } from './command.js';
import type { Element } from './element.js';
import type { Stage } from './stage.js';

/** A line of a tool's batch input. */
export interface BatchLine {
  /** The table of iptables; other tools have no sections. */
  readonly section?: string;
  readonly text: string;
}

/** Describes one kind of element. A new kind is one file with one of these and one line in `kinds/index.ts`. */
export interface ElementKind<E extends Element> {
  /** The element's place in the order, which also decides the tool that writes it. */
  stage(element: E): Stage;
  /** Equal for the desired and the actual form of one element. */
  key(element: E): string;
  same(actual: E, desired: E): boolean;
  /** One line for people: `real server 10.244.2.2:8080 of TCP 10.254.10.128:80, weight 1`. */
  describe(element: E): string;
  /**
   * A line for each way in which two forms differ: `scheduler is wrr, should be rr`. Missing for kinds that never
   * change.
   */
  differences?(actual: E, desired: E): readonly string[];
  /** The commands of the readable script. */
  steps(change: Change<E>): readonly Step[];
  /** The same as lines of the tool's batch input. */
  batch(change: Change<E>): readonly BatchLine[];
}
