import type { Facts } from '../facts.js';
import { asRoot } from './as-root.js';

/** A command, and what its reader must know of it. */
export interface ModuleFix {
  readonly fix: string;
  /** A sentence. */
  readonly note: string;
}

/** Returns the command that gives the kernel some modules. */
export function modulesFix(
  { machine, modules, parameters }: Pick<Facts, 'machine' | 'modules' | 'parameters'>,
  names: readonly string[],
): ModuleFix {
  const load = `modprobe -a ${names.join(' ')}`;
  // A container that shows the kernel's modules may load them.
  if (machine.isContainer && modules.available === undefined)
    return { fix: `sudo ${load}`, note: 'Run the command on the host: a container has the modules of its kernel.' };
  if (parameters.values.get('kernel/modules_disabled') === '1') {
    const list = `printf "%s\\\\n" ${names.join(' ')} >/etc/modules-load.d/kproxy.conf`;
    return {
      fix: asRoot(machine, `sh -c '${list}'`),
      note: 'kernel.modules_disabled is 1: modules are loaded only when the machine boots. Reboot afterwards.',
    };
  }
  if (modules.available === undefined || names.every(name => modules.available?.has(name)))
    return { fix: asRoot(machine, load), note: 'If modprobe fails, its words say why.' };
  return packageFix(machine);
}

/** The kernel's release is that of the running kernel, which the shell asks for. */
function packageFix(machine: Facts['machine']): ModuleFix {
  const note = "The running kernel's folder of modules does not have all of them.";
  switch (machine.system) {
    case 'ubuntu':
      return { fix: asRoot(machine, 'apt-get install -y linux-modules-extra-$(uname -r)'), note };
    case 'fedora':
      return {
        fix: asRoot(machine, 'dnf install -y kernel-modules-$(uname -r) kernel-modules-extra-$(uname -r)'),
        note,
      };
    case 'debian':
      return {
        fix: asRoot(machine, 'apt-get install -y linux-image-$(dpkg --print-architecture)'),
        note: `${note} Debian's whole kernel has them. Boot it afterwards.`,
      };
    case 'other':
      return { fix: `find /lib/modules -name "ip_vs*" -o -name "ip_set*" -o -name "dummy*"`, note };
  }
}
