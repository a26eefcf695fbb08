import { guestPaths } from './paths.js';

/** The program that runs the learner's lines: a link to bash, or to sh if there is no bash. */
export const shellProgram = `${guestPaths.lesson}/shell`;

export const beginScriptPath = `${guestPaths.lesson}/begin`;

/**
 * Sourced by every shell of the learner before anything else. Reads the variables and the folder that the last shell of
 * the machine kept, and keeps those of this shell at its end. A shell within an interactive one inherits them.
 * KPROXY_NOT_KEPT names the variables of the learner's terminal, which may differ each time.
 *
 * The newest variables count: a shell keeps nothing if another one has kept its variables since it began.
 *
 * Turns Ctrl-C into an exit, because a shell that is killed by it skips its trap.
 */
export const beginScript = `if [ -z "$KPROXY_SHELL" ]; then
  if [ -f "$KPROXY_KEPT" ]; then . "$KPROXY_KEPT"; fi 2>/dev/null
  cd -- "\${KPROXY_FOLDER:-$HOME}" 2>/dev/null || cd
  unset OLDPWD KPROXY_FOLDER
fi
: >"$KPROXY_KEPT.$$"
kproxy_keep() {
  set +aeu
  if [ "$KPROXY_KEPT" -nt "$KPROXY_KEPT.$$" ]; then /bin/rm -f "$KPROXY_KEPT.$$"; return; fi
  kproxy_kept=$KPROXY_KEPT
  export KPROXY_FOLDER="$PWD"
  unset _ PWD OLDPWD SHLVL PS1 PS2 PROMPT_COMMAND HISTFILE KPROXY_SHELL KPROXY_KEPT $KPROXY_NOT_KEPT KPROXY_NOT_KEPT
  export -p >"$kproxy_kept.$$" && /bin/mv -f "$kproxy_kept.$$" "$kproxy_kept"
} 2>/dev/null
trap kproxy_keep EXIT
case $- in
  *i*) ;;
  *) trap 'exit 130' INT ;;
esac
set -a
`;
