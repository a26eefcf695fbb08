import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { KproxyError } from '../errors.js';
import { type GuestKernel, guestFolder, neededProgram, startGuest } from './guest-kernel.js';

const machine = {
  evidence: 'A virtual machine needs an emulator; no root, and no /dev/kvm.',
  packages: 'qemu-system-x86 ipset iptables ipvsadm iproute2 conntrack',
};

/** Shorter boots: no time is spent on what an emulated processor needs no protection from, nor on measuring its clocks. */
const kernelCommandLine = [
  'quiet',
  'loglevel=4',
  'console=ttyS0',
  'panic=-1',
  'mitigations=off',
  'nokaslr',
  'no_timer_check',
  'tsc=reliable',
  'random.trust_cpu=on',
  'rcupdate.rcu_expedited=1',
];

/**
 * Starts a virtual machine with the kernel that scripts/unpack-kernel.sh has put into the folder. Without hardware support: that is slow, but it is
 * there on every machine. Throws a KproxyError where QEMU is not installed.
 */
export async function startVirtualMachine(kernelFolder: string, memoryMegabytes: number): Promise<GuestKernel> {
  const kernel = existingFolder(kernelFolder);
  const emulator = neededProgram('qemu-system-x86_64', machine);
  const folder = await guestFolder();
  return startGuest([emulator, ...emulatorArguments(kernel, folder.agent, memoryMegabytes)], folder);
}

function existingFolder(folder: string): string {
  if (existsSync(join(folder, 'vmlinux')) && existsSync(join(folder, 'initrd'))) return realpathSync(folder);
  throw new KproxyError({
    message: `${folder} has no kernel that a virtual machine could boot`,
    code: 'sandbox-unavailable',
    evidence: 'It needs the files vmlinux and initrd, and the folder lib/modules.',
    advice: 'scripts/unpack-kernel.sh makes them from a Debian package.',
  });
}

function emulatorArguments(kernel: string, agent: string, memoryMegabytes: number): readonly string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-nographic', '-no-reboot'],
    ...['-accel', 'tcg,thread=multi,tb-size=512', '-M', 'q35', '-cpu', 'max', '-smp', '2', '-m', `${memoryMegabytes}M`],
    ...['-kernel', join(kernel, 'vmlinux'), '-initrd', join(kernel, 'initrd')],
    ...['-append', [...kernelCommandLine, ...agentVariables(kernel, agent)].join(' ')],
    ...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...[
      '-device',
      'virtio-serial-pci',
      '-chardev',
      'socket,id=line,fd=3',
      '-device',
      'virtserialport,chardev=line,nr=1',
    ],
  ];
}

/** What the kernel does not know on its command line it gives to its first program, as variables. */
const agentVariables = (kernel: string, agent: string): readonly string[] => [
  `agent=${agent}`,
  'agent_line=/dev/vport*p1',
  `agent_modules=${kernel}/lib/modules`,
  'agent_iptables=both',
];
