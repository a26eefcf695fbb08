import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The machine code before and after the length where kernels before 6.13 set a process's floating-point registers:
 * `iov_len = 2696`, then `ptrace(PTRACE_SETREGSET, …)`.
 */
const before = Buffer.from('48c745f8', 'hex');
const after = Buffer.from('bf05420000', 'hex');
const builtInLength = 2_696;

/** The host's kernel uses at most the length that its processor has, so a larger one means all registers. */
const maxLength = 65_536;

/**
 * Returns the path of a kernel that runs on this machine's processor. Processors with AMX have more registers than
 * Debian 12's kernel knows, and the host refuses to set only a part of them ("ptrace set fp regs failed"). On such a
 * processor the function writes a copy of the kernel with a larger length to the private folder. The kernel then passes
 * the memory behind its registers too, which is harmless, because AMX is off for the guest's processes.
 */
export async function runnableKernel(kernel: string, folder: string): Promise<string> {
  const processor = await readFile('/proc/cpuinfo', 'utf8');
  if (!/^flags\s*:.*\bamx_tile\b/m.test(processor)) return kernel;
  const image = allowLargerRegisters(await readFile(kernel));
  if (!image) return kernel;
  const copy = join(folder, 'kernel');
  await writeFile(copy, image, { mode: 0o700 });
  return copy;
}

/** Returns the image with a larger length, or undefined if it lacks that code, as from version 6.13 on. */
export function allowLargerRegisters(image: Buffer): Buffer | undefined {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(builtInLength);
  const code = Buffer.concat([before, length, after]);
  const start = image.indexOf(code);
  if (start < 0 || image.indexOf(code, start + 1) >= 0) return undefined;
  const changed = Buffer.from(image);
  changed.writeUInt32LE(maxLength, start + before.length);
  return changed;
}
