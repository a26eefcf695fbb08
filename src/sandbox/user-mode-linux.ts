import { userEnvironment } from '../run/environment.js';
import { createGuestFolder, type GuestKernel, startGuest } from './guest-kernel.js';
import { type Requirements, requireProgram } from './host-programs.js';
import { kernelArguments } from './kernel-arguments.js';
import { runnableKernel } from './kernel-image.js';
import { memoryFolder } from './memory-folder.js';
import { nextProcessor } from './processor.js';

const requirements: Requirements = {
  evidence: 'A User-Mode Linux kernel runs as an ordinary program, without root and without changing this machine.',
  packages: 'user-mode-linux kmod ipset iptables ipvsadm iproute2 conntrack',
};

/**
 * Starts a User-Mode Linux kernel.
 * @throws KproxyError sandbox-unavailable if a package is not installed
 */
export async function startUserModeLinux(
  name: string,
  memoryMegabytes: number,
  more: readonly string[] = [],
): Promise<GuestKernel> {
  const kernel = requireProgram(name, requirements);
  const taskset = requireProgram('taskset', requirements);
  const folder = await createGuestFolder();
  const image = await runnableKernel(kernel, folder.path);
  const options = kernelArguments({ memoryMegabytes, folder: folder.path, agent: folder.agent, more });
  return startGuest([taskset, '-c', String(nextProcessor()), image, ...options], folder, {
    env: { ...userEnvironment(), TMPDIR: await memoryFolder(memoryMegabytes) },
  });
}
