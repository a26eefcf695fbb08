/** Runs a line of `sh` on a machine and returns its output. */
type RunLine = (machine: string, line: string) => Promise<string>;

const transcript = /^(```console\n)(.*?)^(```)$/gms;
const prompt = /^([a-z][a-z0-9-]*)\$ (.+)$/;

/**
 * Runs the commands of all ```` ```console ```` blocks in the order of the text, and returns the text with their
 * current output. In a block, a line `MACHINE$ COMMAND` is a command; all other lines are output.
 */
export async function renewTranscripts(text: string, run: RunLine): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const { 0: whole, 1: open = '', 2: body = '', 3: close = '', index } of text.matchAll(transcript)) {
    parts.push(text.slice(end, index), open, await renewBlock(body, run), close);
    end = index + whole.length;
  }
  return [...parts, text.slice(end)].join('');
}

async function renewBlock(body: string, run: RunLine): Promise<string> {
  const lines: string[] = [];
  for (const line of body.split('\n')) {
    const [, machine, command] = prompt.exec(line) ?? [];
    if (machine === undefined || command === undefined) continue;
    // An empty line separates the output of a command from the next command.
    const gap = lines.length === 0 ? '' : '\n';
    lines.push(`${gap}${line}\n${normalize(await run(machine, command))}`);
  }
  return lines.join('');
}

/**
 * Replaces what differs from run to run: a time of day becomes `TIME`, a duration in milliseconds `N ms`, the size of a
 * hash table 4096. Removes spaces at ends of lines.
 */
const normalize = (output: string): string =>
  output
    .replace(/ +$/gm, '')
    .replace(/\(size=\d+\)/g, '(size=4096)')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replace(/\b\d+(\.\d+)? ms\b/g, 'N ms');
