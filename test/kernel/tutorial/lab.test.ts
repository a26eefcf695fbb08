import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ran, RunOptions, Shell } from '../../../src/tutorial/lab/lab.js';
import { type LiveLab, openLab } from '../../../src/tutorial/lab/open-lab.js';
import type { Machine } from '../../../src/tutorial/machines.js';
import { bootMilliseconds } from '../support/guest.js';

let lab: LiveLab;
beforeAll(async () => {
  lab = await openLab();
}, bootMilliseconds);
afterAll(() => lab?.close(), bootMilliseconds);

const run = (machine: Machine, line: string, options?: RunOptions): Promise<Ran> => lab.run(machine, line, options);
const output = async (machine: Machine, line: string): Promise<string> => (await run(machine, line)).output;
const ran = (text: string, exitCode = 0): Ran => ({ output: text, exitCode, timedOut: false });

/** Opens a shell. `until` resolves once what it has shown matches, control sequences left out. */
function openShell(machine: Machine) {
  let text = '';
  let check = () => {};
  const shell: Shell = lab.openShell(machine, {
    size: { columns: 100, rows: 30 },
    environment: { TERM: 'xterm' },
    onOutput: bytes => {
      text += Buffer.from(bytes).toString();
      check();
    },
  });
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${pattern} in ${JSON.stringify(text)}`)), 20_000);
      check = () => {
        if (!pattern.test(stripVTControlCharacters(text))) return;
        clearTimeout(timer);
        resolve();
      };
      check();
    });
  const type = (line: string) => shell.write(Buffer.from(line));
  return { shell, until, type };
}

/** One process: between two, Ctrl-C reaches only bash, which acts on it when the second one has ended. */
const beginAndSleep = "sh -c 'echo begun; exec sleep 30'";

describe('a line', () => {
  test('runs on its machine, in a folder of its own, on a terminal', async () => {
    expect(await run('yuanying', 'hostname; pwd; tty; stty size; ls')).toEqual(
      ran('yuanying\n/run/home/yuanying\n/dev/pts/0\n24 80\n'),
    );
    expect(await output('master', 'ls; grep kind web-service.yaml')).toBe('web-service.yaml\nkind: Service\n');
  });

  test('has the size and the variables of the learner’s terminal, but not its paths', async () => {
    const options = {
      size: { columns: 120, rows: 40 },
      environment: { TERM: 'xterm-256color', NO_COLOR: '1', PATH: '/nowhere', HOME: '/root' },
    };
    expect(await run('inajob', 'stty size; echo $TERM $NO_COLOR $HOME; type kproxy', options)).toEqual(
      ran('40 120\nxterm-256color 1 /run/home/inajob\nkproxy is /run/kproxy/bin/kproxy\n'),
    );
    expect(await output('inajob', 'echo "$TERM,$NO_COLOR"')).toBe('dumb,\n');
  });

  test('passes what the terminal gets on as it arrives, and returns it without colors', async () => {
    const texts: string[] = [];
    const result = await run('inajob', String.raw`printf '\033[31mred\033[0m\n'; sleep 0.2; echo 二`, {
      onOutput: text => texts.push(text),
    });
    expect(result).toEqual(ran('red\n二\n'));
    expect(texts).toEqual(['\u001b[31mred\u001b[0m\r\n', '二\r\n']);
  });

  test('leaves its variables and its folder to the next line of the machine, whatever is in them', async () => {
    const value = `a 'b' "c" $d \\e\n\`f\` 二`;
    const quoted = `'${value.replaceAll("'", `'\\''`)}'`;
    expect(await run('web-inajob', `X=${quoted}\nY=1; Z=2; cd /tmp`)).toEqual(ran(''));
    expect(await output('web-inajob', 'printf "%s|" "$X" $Y; pwd; unset Y; Z=')).toBe(`${value}|1|/tmp\n`);
    expect(await output('web-inajob', `echo "\${Y-no} \${Z-no}"; cd`)).toBe('no \n');
    expect(await output('web-inajob', 'pwd')).toBe('/run/home/web-inajob\n');
    expect(await output('web-yuanying', 'echo "$X"')).toBe('\n');
  });

  test('keeps them if it ends with exit, fails, or is no shell', async () => {
    expect(await run('inajob', 'A=1; exit 3; A=2')).toEqual(ran('', 3));
    expect(await run('inajob', 'B=2; false')).toEqual(ran('', 1));
    expect((await run('inajob', 'A=4; if')).exitCode).toBe(2);
    expect((await run('inajob', 'C=3\n)')).exitCode).toBe(2);
    expect(await output('inajob', 'echo $A $B $C')).toBe('1 2 3\n');
    expect(await run('inajob', 'nonsense')).toEqual(ran('bash: line 1: nonsense: command not found\n', 127));
  });

  test('may be a here-document with variables in it', async () => {
    await run('master', 'POD_IP1=10.244.2.2');
    expect(await output('master', 'cat <<EOF | tr a-z A-Z\n- ip: $POD_IP1\nEOF')).toBe('- IP: 10.244.2.2\n');
  });

  test('is interrupted by its signal, as by Ctrl-C, and keeps its variables', async () => {
    const abort = new AbortController();
    const onOutput = (text: string) => {
      if (text.includes('begun')) abort.abort();
    };
    const options = { onOutput, signal: abort.signal };
    expect(await run('inajob', `A=9; ${beginAndSleep}`, options)).toEqual(ran('begun\n^C', 130));
    expect(await output('inajob', 'echo $A')).toBe('9\n');
  });

  test('is hung up if it ignores Ctrl-C', async () => {
    const abort = new AbortController();
    const onOutput = (text: string) => {
      if (text.includes('begun')) abort.abort();
    };
    const line = "trap '' INT; echo begun; sleep 30";
    const { exitCode } = await run('inajob', line, { onOutput, signal: abort.signal });
    expect(exitCode).toBeGreaterThan(128);
  });

  test('has a time limit', async () => {
    const { timedOut } = await run('inajob', 'sleep 30', { timeoutMilliseconds: 300 });
    expect(timedOut).toBe(true);
  });
});

describe('the machines', () => {
  test('reach each other, the Pods and the warehouse outside', async () => {
    expect(await output('inajob', 'curl 10.244.2.2:8080; curl 192.168.33.50:8080')).toBe(
      'web-yuanying saw 192.168.33.11\nwarehouse saw 192.168.33.11\n',
    );
    expect(await output('client-inajob', 'curl 192.168.33.50:8080')).toBe('warehouse saw 10.244.1.9\n');
  });

  test('have the stand-in for kubectl with the Pods of the lesson', async () => {
    expect(await output('master', 'kubectl get pod -l app=web --no-headers')).toBe(
      'web-inajob     1/1   Running   0     12d\nweb-yuanying   1/1   Running   0     12d\n',
    );
  });

  test('have sudo, which runs everything as it is, and refuses what it does not know', async () => {
    expect(await output('inajob', 'A=1 sudo sh -c \'echo "$A $1"\' sh "two words"; sudo B=2 printenv B')).toBe(
      '1 two words\n2\n',
    );
    expect(await run('inajob', 'sudo -u nobody id')).toEqual(
      ran('sudo: in this lesson sudo does not know -u: everything runs as root. Use sudo COMMAND or sudo su\n', 1),
    );
  });

  test.each(['sudo su', 'sudo su -', 'sudo -i', 'su'])('note a root shell after %s', async line => {
    await run('master', 'rm -f /run/kproxy/root-shells/*');
    expect((await lab.observe()).rootShells).toEqual(new Set());
    expect(await run('inajob', line)).toEqual(ran(''));
    expect((await lab.observe()).rootShells).toEqual(new Set(['inajob']));
  });

  test('have web servers that can be stopped: the port refuses at once, and the Pod is not ready', async () => {
    const readiness = async () => {
      const { status } = (await lab.observe()).objects.get('pod/web-yuanying') as { status: { conditions: object[] } };
      return status.conditions;
    };
    expect(await readiness()).toContainEqual({ type: 'Ready', status: 'True' });
    expect(await run('web-yuanying', 'web stop')).toEqual(ran('the server of web-yuanying has ended\n'));
    expect((await run('inajob', 'curl -s 10.244.2.2:8080')).exitCode).toBe(7);
    expect(await readiness()).toContainEqual({ type: 'Ready', status: 'False' });
    expect(await run('web-yuanying', 'web stop')).toEqual(ran('web: the server of web-yuanying does not run\n', 1));
    expect(await run('web-yuanying', 'web start')).toEqual(ran('the server of web-yuanying answers on port 8080\n'));
    expect(await output('inajob', 'curl 10.244.2.2:8080')).toBe('web-yuanying saw 192.168.33.11\n');
    expect(await readiness()).toContainEqual({ type: 'Ready', status: 'True' });
    expect(await run('master', 'web start')).toEqual(ran('web: no web server belongs to master\n', 1));
  });
});

describe('an observation', () => {
  test('changes nothing, and loads no IPVS', async () => {
    const first = await lab.observe();
    expect(await lab.observe()).toEqual(first);
    expect((await lab.observeRaw()).workers.inajob).toMatchObject({ ipset: '', iptables: '', ipVs: '', stats: '' });
    expect((await run('inajob', 'test -e /proc/net/ip_vs')).exitCode).toBe(1);
  });

  test('has what was programmed on either worker', async () => {
    for (const worker of ['inajob', 'yuanying'] as const) {
      await run(worker, 'ipset create A hash:ip; iptables -t nat -N B; ip link add c type dummy; modprobe ip_vs');
      await run(worker, 'ipvsadm -A -t 10.254.10.128:80 -s rr; echo 1 | tee /proc/sys/net/ipv4/vs/conntrack');
      const answer = (await lab.observe()).workers[worker];
      expect(answer.sets.get('A')?.type).toBe('hash:ip');
      expect(answer.chains.get('nat B')?.rules).toEqual([]);
      expect(answer.links.get('c')?.type).toBe('dummy');
      expect(answer.virtualServers.get('TCP 10.254.10.128:80')?.scheduler).toBe('rr');
      expect(answer.sysctls.get('net/ipv4/vs/conntrack')).toBe('1');
      expect(answer.sysctls.get('net/ipv4/ip_forward')).toBe('1');
    }
  });

  test('has the objects of the cluster', async () => {
    await run('master', 'kubectl apply -f web-service.yaml');
    const { objects } = await lab.observe();
    expect([...objects.keys()].sort()).toEqual([
      'node/inajob',
      'node/yuanying',
      'pod/client-inajob',
      'pod/web-inajob',
      'pod/web-yuanying',
      'service/web-service',
    ]);
    expect(objects.get('service/web-service')).toMatchObject({ spec: { clusterIP: '10.254.10.128' } });
  });
});

describe('an interactive shell', () => {
  test('has a prompt with the machine, its variables, and leaves its own', async () => {
    await run('yuanying', 'A=before; cd /tmp');
    const { shell, until, type } = openShell('yuanying');
    await until(/yuanying\$ $/);
    type('echo "<$A>" $(pwd) $TERM; A=after; tty\n');
    await until(/\n\r?<before> \/tmp xterm\r\n\/dev\/pts\/\d+\r\nyuanying\$ $/);
    type('exit 5\n');
    expect(await shell.ended).toBe(5);
    expect(await output('yuanying', 'echo $A')).toBe('after\n');
  });

  test('becomes root’s with sudo su, which keeps folder and variables', async () => {
    await run('master', 'rm -f /run/kproxy/root-shells/*');
    const { shell, until, type } = openShell('inajob');
    await until(/inajob\$ $/);
    type('A=7; cd /usr; sudo su\n');
    await until(/inajob# $/);
    type('echo $A $(pwd); B=8\n');
    await until(/7 \/usr\r\ninajob# $/);
    type('\u0004');
    await until(/inajob# \r?(?:exit)?\r\n.*inajob\$ $/s);
    type('\u0004');
    expect(await shell.ended).toBe(0);
    expect(await output('inajob', 'echo $A $B')).toBe('7 8\n');
  });

  test('can be interrupted, resized and hung up', async () => {
    const { shell, until, type } = openShell('client-inajob');
    await until(/\$ $/);
    type(`${beginAndSleep}\n`);
    await until(/\n\r?begun\r\n/);
    type('\u0003');
    await until(/\^C\r\n.*\$ $/s);
    type('nonsense\n');
    await until(/\rbash: nonsense: command not found\r\n/);
    shell.resize({ columns: 70, rows: 20 });
    type('stty size\n');
    await until(/20 70\r\n/);
    shell.hangUp();
    expect(await shell.ended).toBeGreaterThan(0);
  });
});

test('a restart ends shells, and leads to the state after the commands that it is given', async () => {
  const { shell, until } = openShell('inajob');
  await until(/inajob[$#] $/);
  await lab.restart([
    { on: 'inajob', command: 'SET=KUBE-CLUSTER-IP' },
    { on: 'inajob', command: 'curl -m 50 10.254.10.128' },
    { on: 'inajob', command: 'sudo ipset create $SET hash:ip,port; cd /tmp; exit 1' },
    { on: 'master', command: 'kubectl label pod web-inajob app=other --overwrite' },
    { on: 'inajob', command: 'sudo su' },
  ]);
  expect(await shell.ended).toBe(129);
  const { workers, objects, rootShells } = await lab.observe();
  expect([...workers.inajob.sets.keys()]).toEqual(['KUBE-CLUSTER-IP']);
  expect(workers.yuanying.sets.size).toBe(0);
  expect(objects.get('pod/web-inajob')).toMatchObject({ metadata: { labels: { app: 'other' } } });
  expect(objects.has('service/web-service')).toBe(false);
  expect(rootShells).toEqual(new Set(['inajob']));
  expect(await output('inajob', 'echo $SET; pwd; hostname')).toBe('KUBE-CLUSTER-IP\n/tmp\ninajob\n');
});
