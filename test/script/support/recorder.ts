import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process that a script started: its argv, and all of its stdin. */
export interface Recorded {
  readonly argv: readonly string[];
  readonly input: string;
}

export interface RecorderRun {
  readonly recorded: readonly Recorded[];
  readonly exitCode: number | null;
  readonly stderr: string;
  /** Files in the script's folder afterwards. None if only the tools have run. */
  readonly files: readonly string[];
}

const backends = ['', '-legacy', '-nft'];
const iptables = ['iptables', 'ip6tables'].flatMap(name =>
  backends.flatMap(backend => ['', '-restore', '-save'].map(suffix => `${name}${backend}${suffix}`)),
);
const tools = ['ls', 'ip', 'ipset', 'ipvsadm', 'modprobe', 'tee', 'conntrack', ...iptables];

/**
 * A tool that records how it was called, when its input has ended, because two programs of a pipe run at the same time.
 * A tool that only reads prints the texts that the script looks for, or fails, as the test wants.
 */
const toolText = `#!/bin/sh
case "\${0##*/} $*" in
  'ls /proc/net/ip_vs'|\
  'ipset -n list '*|'ipset save '*|'ipset test '*|'ip link show '*|'ip -o addr show '*|'ipvsadm -L '*|\
  'conntrack -L '*|*tables*' -C '*|*tables*' -n -L '*|*tables*' -S '*)
    printf '%s\\0' "$#" "\${0##*/}" "$@" '' >>"$RECORD"
    /bin/cat "$FINDS"
    exit "$CHECK_STATUS" ;;
  'ipvsadm -S '*|*tables*'-save ')
    printf '%s\\0' "$#" "\${0##*/}" "$@" '' >>"$RECORD"
    exec /bin/cat "$FINDS" ;;
esac
{ printf '%s\\0' "$#" "\${0##*/}" "$@"; /bin/cat; printf '\\0'; } >"$RECORD.$$"
/bin/cat "$RECORD.$$" >>"$RECORD"
`;

/** Runs scripts with the real `sh`, with fake tools first in PATH. */
export class Recorder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));

  constructor() {
    mkdirSync(join(this.#folder, 'bin'));
    for (const name of tools) this.install(name, toolText);
    this.install('sudo', '#!/bin/sh\nexec "$@"\n');
  }

  /** Puts a program before the real ones. */
  install(name: string, text: string): void {
    writeFileSync(join(this.#folder, 'bin', name), text);
    chmodSync(join(this.#folder, 'bin', name), 0o755);
  }

  /** @param finds the texts that checks find, or undefined if they find nothing */
  run(script: string, finds: readonly string[] | undefined): RecorderRun {
    const path = (name: string) => join(this.#folder, name);
    for (const name of ['record', 'work']) rmSync(path(name), { recursive: true, force: true });
    mkdirSync(path('work'));
    writeFileSync(path('script'), script);
    writeFileSync(path('record'), '');
    writeFileSync(path('finds'), (finds ?? []).map(text => `${text}\n`).join(''));
    const { status, stderr } = spawnSync('sh', ['-eu', path('script')], {
      cwd: path('work'),
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: {
        PATH: `${path('bin')}:${process.env.PATH}`,
        RECORD: path('record'),
        FINDS: path('finds'),
        CHECK_STATUS: finds === undefined ? '1' : '0',
      },
    });
    return {
      recorded: parseRecord(readFileSync(path('record'), 'utf8')),
      exitCode: status,
      stderr,
      files: readdirSync(path('work')),
    };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function parseRecord(text: string): readonly Recorded[] {
  const fields = text.split('\0');
  const recorded: Recorded[] = [];
  for (let at = 0; at < fields.length - 1; ) {
    const count = Number(fields[at]);
    const argv = fields.slice(at + 1, at + 2 + count);
    recorded.push({ argv, input: fields[at + 2 + count] ?? '' });
    at += count + 3;
  }
  return recorded;
}
