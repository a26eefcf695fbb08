import type { RootShellCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingRootShell: Judge<RootShellCheck> = ({ on }, { rootShells }) =>
  rootShells.has(on) ? undefined : missing(texts => texts.shellIsNotRoots({ on }));
