/**
 * How a command ends if it throws no error: everything is done, the node differs from the desired state, or some
 * objects are invalid and everything else is done.
 */
export type CommandOutcome = 'done' | 'differences' | 'invalid-objects';
