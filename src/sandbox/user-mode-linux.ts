import { type GuestKernel, guestFolder, neededProgram, startGuest } from './guest-kernel.js';
import { kernelArguments } from './kernel-arguments.js';
import { runnableKernel } from './kernel-image.js';
import { memoryFolder } from './memory-folder.js';
import { nextProcessor } from './processor.js';

const machine = {
  evidence: 'A User-Mode Linux kernel runs as an ordinary program, without root and without changing this machine.',
  packages: 'user-mode-linux kmod ipset iptables ipvsadm iproute2 conntrack',
};

/** Starts the kernel. Throws a KproxyError where the package is not installed. */
export async function startUserModeLinux(name: string, memoryMegabytes: number): Promise<GuestKernel> {
  const kernel = neededProgram(name, machine);
  const taskset = neededProgram('taskset', machine);
  const folder = await guestFolder();
  const image = await runnableKernel(kernel, folder.path);
  const options = kernelArguments({ memoryMegabytes, folder: folder.path, agent: folder.agent });
  return startGuest([taskset, '-c', String(nextProcessor()), image, ...options], folder, {
    env: { ...process.env, TMPDIR: await memoryFolder(memoryMegabytes) },
  });
}
