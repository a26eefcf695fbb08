import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where kernels before 6.13 set a process's floating-point registers: `iov_len = 2696`, then `ptrace(PTRACE_SETREGSET, …)`. Only the number is not
 * part of what is looked for.
 */
const before = Buffer.from('48c745f8', 'hex');
const after = Buffer.from('bf05420000', 'hex');
const builtInLength = 2_696;

/** The host's kernel takes at most what its processor has, so any larger length means "all of it". */
const anyLength = 65_536;

/**
 * The path of a kernel that runs on this machine's processor. Processors with AMX have more registers than Debian 12's kernel knows of, and the
 * host refuses to set a part of them ("ptrace set fp regs failed"). The rest is off for the guest's processes, so the kernel may hand over whatever
 * memory follows: a copy that says a greater length works, and is written to the private folder.
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

/** The same image with the length changed, or undefined where it has no such place, as from version 6.13 on. */
export function allowLargerRegisters(image: Buffer): Buffer | undefined {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(builtInLength);
  const place = Buffer.concat([before, length, after]);
  const start = image.indexOf(place);
  if (start < 0 || image.indexOf(place, start + 1) >= 0) return undefined;
  const changed = Buffer.from(image);
  changed.writeUInt32LE(anyLength, start + before.length);
  return changed;
}
