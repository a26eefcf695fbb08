/** Quotes a word for `sh` so that it is read back unchanged. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A command with its stdin as a here-document in which `sh` expands nothing. */
export function withHereDocument(argv: readonly string[], input: string): string {
  const delimiter = freeDelimiter(input);
  const text = input.endsWith('\n') ? input : `${input}\n`;
  return `${argv.map(shellWord).join(' ')} <<'${delimiter}'\n${text}${delimiter}\n`;
}

/** A line that is the delimiter itself would end the document early and run the rest as commands. */
function freeDelimiter(input: string): string {
  const lines = new Set(input.split('\n'));
  let delimiter = 'EOF';
  for (let number = 2; lines.has(delimiter); number += 1) delimiter = `EOF${number}`;
  return delimiter;
}
