import { execInteractiveShell } from './interactive-script.js';
import { guestPaths } from './paths.js';

/**
 * `sudo` and `su` of the lesson's machines, where everything runs as root already. A root shell is noted for the
 * machine. Only an interactive shell starts another one: nothing types into the shell of a single line.
 */
export const sudoProgram = `#!/bin/sh
refuse() { echo "$1: $2" >&2; exit 1; }

root_shell() {
  : >"${guestPaths.rootShells}/$(uname -n)"
  [ "$KPROXY_SHELL" = interactive ] || exit 0
  ${execInteractiveShell}
}

become_root() {
  while :; do
    case \${1-} in
      - | -l | --login | root) shift ;;
      '') root_shell ;;
      -c) shift; exec sh -c "$@" ;;
      *) refuse su "in this lesson su only becomes root: su, su -, or su -c COMMAND" ;;
    esac
  done
}

case \${0##*/} in su) become_root "$@" ;; esac

while :; do
  case \${1-} in
    -E | -H | -n | -S) shift ;;
    -i | -s) shift; [ $# -gt 0 ] || root_shell ;;
    --) shift; break ;;
    -*) refuse sudo "in this lesson sudo does not know $1: everything runs as root. Use sudo COMMAND or sudo su" ;;
    *=*) export "$1"; shift ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || refuse sudo 'which command? Use sudo COMMAND or sudo su'
[ "$1" = su ] || exec "$@"
shift
become_root "$@"
`;
