import { guestPaths } from './paths.js';

/** `kubectl` of the lesson's machines: the stand-in that kproxy brings along. */
export const kubectlProgram = `#!/bin/sh
KPROXY_TUTORIAL_CLUSTER=${guestPaths.cluster} KPROXY_TUTORIAL_PODS=${guestPaths.pods} \\
  exec ${guestPaths.programs}/kproxy tutorial-kubectl "$@"
`;
