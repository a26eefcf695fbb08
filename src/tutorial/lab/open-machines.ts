import { KproxyError } from '../../errors.js';
import { buildNetwork } from '../../sandbox/network/build-network.js';
import { openSandbox } from '../../sandbox/open-sandbox.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { readClusterFiles } from './cluster-files.js';
import { installGuestFiles } from './guest/install.js';
import { programFolder } from './program-folder.js';
import { storedObject } from './store.js';
import { labServers, labTopology } from './topology.js';

/** Three kproxy at the same time use 140. */
const memoryMegabytes = 192;

/**
 * Boots a sandbox with the machines as they are at the beginning of the lesson.
 * @throws KproxyError sandbox-unavailable or sandbox-failed
 */
export async function openMachines(): Promise<Sandbox> {
  const program = programFolder();
  // Reading the files takes about as long as the kernel's boot.
  const reading = readClusterFiles();
  reading.catch(() => {});
  const sandbox = await openSandbox({ memoryMegabytes, visibleFolders: [program] });
  try {
    const { objects, serviceYaml } = await reading;
    const now = Date.now();
    await Promise.all([
      buildNetwork(sandbox, labTopology),
      installGuestFiles(sandbox, {
        program,
        servers: labServers,
        objects: objects.map(object => storedObject(object, now)),
        homes: { 'master/web-service.yaml': serviceYaml },
      }),
    ]);
    await startServers(sandbox);
    return sandbox;
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

async function startServers(sandbox: Sandbox): Promise<void> {
  const { exitCode, stderr } = await sandbox.run(['web', 'start-all']);
  if (exitCode === 0) return;
  throw new KproxyError({
    message: "the lesson's web servers could not be started",
    code: 'sandbox-failed',
    evidence: stderr.trim(),
  });
}
