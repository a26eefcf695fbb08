import { toolFolders, userFolders } from './tool-path.js';

type Environment = Readonly<Record<string, string>>;

/**
 * Returns the whole environment of every tool: the C locale, because its output is parsed, and the folders in which
 * tools are found. Nothing is inherited, because the caller's variables (LD_PRELOAD, XTABLES_LIBDIR) would choose what
 * runs as root.
 */
export const toolEnvironment = (): Environment => ({ LC_ALL: 'C', PATH: toolFolders().join(':') });

/** What sudo needs to ask for a password. It passes none of them on to the tool unless sudoers says so. */
const variablesOfSudo = [
  ...['HOME', 'USER', 'LOGNAME', 'TERM', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR'],
  ...['SUDO_ASKPASS', 'SUDO_PROMPT', 'SSH_AUTH_SOCK', 'KRB5CCNAME'],
];

/** Returns the environment of a tool that may be run through sudo. */
export const environmentFor = (sudo: boolean): Environment =>
  sudo ? { ...picked(variablesOfSudo), ...toolEnvironment() } : toolEnvironment();

const picked = (names: readonly string[]): Environment =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/**
 * Variables that make a program run or read something else: those of the dynamic loader, of shells and of the
 * interpreters in which plugins are written, and those that sudo(8) removes for the same reason.
 */
const hostile = new RegExp(
  `^(?:${[
    ...['LD_.*', 'DYLD_.*', 'GLIBC_TUNABLES', 'GCONV_PATH', 'GETCONF_DIR', 'LOCPATH', 'NLSPATH', 'MALLOC_.*'],
    ...['HOSTALIASES', 'LOCALDOMAIN', 'RES_OPTIONS', 'RESOLV_.*'],
    ...['BASH_.*', 'BASHOPTS', 'SHELLOPTS', 'ENV', 'IFS', 'PS4', 'CDPATH', 'GLOBIGNORE', 'ZDOTDIR'],
    ...['NODE_.*', 'PYTHON.*', 'PERL.*', 'RUBY(?:LIB|OPT|PATH)', 'JAVA_TOOL_OPTIONS', '_JAVA_.*', 'DOTNET_.*'],
  ].join('|')})$`,
);

/**
 * Returns the environment of a program that needs the user's: kubectl finds its configuration, proxies and credentials
 * there, and so do its credential plugins. Leaves out what would make them run something else.
 */
export function userEnvironment(): Environment {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || hostile.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), PATH: userFolders().join(':') };
}
