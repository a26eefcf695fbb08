import type { Facts, FolderSpace, Machine } from '../facts.js';
import { advice, type Judgement, ok, problem, type Trouble } from '../finding.js';
import { asRoot } from '../fixes/as-root.js';
import type { DoctorCheck } from './check.js';

export const disk: DoctorCheck = {
  name: 'disk',
  judge({ folders, machine }: Facts): readonly Judgement[] {
    const troubles = folders.flatMap(one => judgeFolder(one, machine));
    return troubles.length > 0
      ? troubles
      : [ok(`there is space in ${folders.map(({ folder }) => folder).join(' and ')}`)];
  },
};

/** In bytes. What a tool prints of a large node has some megabytes. */
const full = 2 ** 20;
const nearlyFull = 2 ** 25;
const fewFiles = 100;

function judgeFolder({ folder, space }: FolderSpace, machine: Machine): readonly Judgement[] {
  const why = `kproxy keeps ${folder === '/run' ? 'its lock and what tools print' : 'temporary files'} there.`;
  if (space.is === 'unread')
    return [
      problem({ what: `${folder} cannot be used: ${space.why}`, why, fix: asRoot(machine, `mkdir -p ${folder}`) }),
    ];
  const { freeBytes, freeFiles, isWritable } = space.value;
  if (!isWritable)
    return [problem({ what: `${folder} is read-only`, why, fix: asRoot(machine, `mount -o remount,rw ${folder}`) })];
  const trouble = (what: string): Trouble => ({ what, why, fix: freeCommand(folder, machine) });
  if (freeBytes < full) return [problem(trouble(`${folder} is full`))];
  if (freeFiles === 0) return [problem(trouble(`${folder} has no inodes left`))];
  if (freeBytes < nearlyFull) return [advice(trouble(`${folder} has only ${megabytes(freeBytes)} MB left`))];
  if (freeFiles !== undefined && freeFiles < fewFiles)
    return [advice(trouble(`${folder} has only ${freeFiles} inodes left`))];
  return [];
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

/** /run is in memory and has a size of its own. Elsewhere systemd removes what is old. */
const freeCommand = (folder: string, machine: Machine): string =>
  asRoot(machine, folder === '/run' ? 'mount -o remount,size=20%,nr_inodes=1m /run' : 'systemd-tmpfiles --clean');
