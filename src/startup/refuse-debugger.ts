/**
 * Keeps SIGUSR1 from opening the debugger of Node, which would give every user of this machine a port that runs code as
 * root.
 * Node 20 has no flag for that (`--disable-sigusr1` came with 22.14), so the port can be opened until this is called:
 * for the 20 ms in which Node itself starts, and only by root or by the user of this process.
 */
export function refuseDebugger(): void {
  process.on('SIGUSR1', () => {});
}
