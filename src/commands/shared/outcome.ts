import type { ExitCode } from '../../errors.js';

export interface CommandOutcome {
  readonly exitCode: ExitCode;
}
