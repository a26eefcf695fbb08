/** Commands after which nothing but a counter differs. Each pattern matches a whole simple command. */
const looking: readonly RegExp[] = [
  /^(?:curl|cat|grep|head|tail|wc|sort|echo|true|sleep|hostname|uname|ping)\b[^>]*$/,
  /^kubectl (?:get|describe)\b[^>]*$/,
  /^kproxy (?:diff|explain|status|--version|--help)\b[^>]*$/,
  /^kproxy sync\b[^>]* --dry-run\b[^>]*$/,
  /^ipvsadm (?:-L\w*|--list)\b[^>]*$/,
  /^ipset (?:list|save)\b[^>]*$/,
  /^iptables (?:-t \w+ )?(?:-S|-L|--list)\b[^>]*$/,
  /^(?:iptables-save|conntrack -L)\b[^>]*$/,
  /^ip (?:-\w+ )*(?:a|addr|address|l|link|r|route|n|neigh)(?: (?:show|list|ls|get)\b[^>]*)?$/,
  /^sysctl [^=>]*$/,
];

/** Words of the shell that may precede a simple command, and what sudo and time add. */
const leading = /^(?:(?:do|then|else|time|sudo|!)\s+)+/;
const ofTheShell = /^(?:for \w+ in [^$`<>]*|done|fi|)$/;

/**
 * Returns true if lines of shell certainly change nothing that the lesson builds on: only commands that are known to
 * look. Such lines need not be run again when a state is restored.
 */
export const onlyLooks = (lines: string): boolean =>
  !/[`<]|\$\(/.test(lines) &&
  withoutQuoted(lines)
    .split(/\n|;|\|\|?|&&/)
    .map(command =>
      command
        .trim()
        .replace(leading, '')
        .replace(/\s*2>(?:&1|\/dev\/null)/g, ''),
    )
    .every(command => ofTheShell.test(command) || looking.some(pattern => pattern.test(command)));

/** What is between single quotes is no command. Other quoting could make a quote mean something else. */
const withoutQuoted = (lines: string): string => (/["\\]/.test(lines) ? lines : lines.replace(/'[^']*'/g, 'quoted'));
