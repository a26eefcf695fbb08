import { beginScriptPath, shellProgram } from './keep-script.js';
import { guestPaths } from './paths.js';

export const interactiveScriptPath = `${guestPaths.lesson}/interactive`;

/**
 * What an interactive shell reads at its start. bash has read the host's /etc/bash.bashrc before, so its prompt and its
 * search for missing programs are undone. Its messages begin with its name.
 */
export const interactiveScript = `unset PROMPT_COMMAND HISTFILE
unset -f command_not_found_handle 2>/dev/null
BASH_ARGV0=bash
. ${beginScriptPath}
export KPROXY_SHELL=interactive
if [ -e "${guestPaths.rootShells}/$(uname -n)" ]; then PS1="$(uname -n)# "; else PS1="$(uname -n)\\$ "; fi
`;

/** Replaces a shell by an interactive one. Without bash it is sh, which reads the file that ENV names. */
export const execInteractiveShell = `case $(readlink ${shellProgram}) in
  */bash) exec ${shellProgram} --rcfile ${interactiveScriptPath} -i ;;
  *) ENV=${interactiveScriptPath} exec ${shellProgram} -i ;;
esac`;
