import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { KproxyError } from '../errors.js';
import { createGuestFolder, type GuestKernel, startGuest } from './guest-kernel.js';
import { type Requirements, requireProgram } from './host-programs.js';
import { conntrackArgument } from './kernel-arguments.js';

const requirements: Requirements = {
  evidence: 'A virtual machine needs an emulator, but neither root nor /dev/kvm.',
  packages: 'qemu-system-x86 ipset iptables ipvsadm iproute2 conntrack',
};

/**
 * Options that shorten the boot: no mitigations, which an emulated processor does not need, and no clock calibration.
 */
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
  conntrackArgument,
];

/**
 * Starts a virtual machine with the kernel that scripts/unpack-kernel.sh put into the folder. It uses no hardware
 * support, which makes it slow, but lets it run on every machine.
 * @throws KproxyError sandbox-unavailable if QEMU or the kernel is missing
 */
export async function startVirtualMachine(kernelFolder: string, memoryMegabytes: number): Promise<GuestKernel> {
  const kernel = existingFolder(kernelFolder);
  const emulator = requireProgram('qemu-system-x86_64', requirements);
  const folder = await createGuestFolder();
  return startGuest([emulator, ...emulatorArguments(kernel, folder.agent, memoryMegabytes)], folder);
}

function existingFolder(folder: string): string {
  if (existsSync(join(folder, 'vmlinux')) && existsSync(join(folder, 'initrd'))) return realpathSync(folder);
  throw new KproxyError({
    message: `${folder} has no kernel for a virtual machine`,
    code: 'sandbox-unavailable',
    evidence: 'It needs the files vmlinux and initrd, and the folder lib/modules.',
    advice: 'Run scripts/unpack-kernel.sh, which creates them from a Debian package.',
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
    ...['-device', 'virtio-serial-pci', '-chardev', 'socket,id=line,fd=3'],
    ...['-device', 'virtserialport,chardev=line,nr=1'],
  ];
}

/**
 * Returns variables for the agent. The kernel passes words it does not know on its command line to its first program.
 */
const agentVariables = (kernel: string, agent: string): readonly string[] => [
  `agent=${agent}`,
  'agent_line=/dev/vport*p1',
  `agent_modules=${kernel}/lib/modules`,
  'agent_iptables=both',
];
