/** Splits lines of shell into commands. A here-document belongs to its command. */
export function commandsOf(lines: string): readonly string[] {
  const commands: string[] = [];
  let end: string | undefined;
  for (const line of lines.split('\n')) {
    if (end !== undefined) commands.push(`${commands.pop()}\n${line}`);
    else if (line !== '') commands.push(line);
    if (line === end) end = undefined;
    else end ??= /<<(\w+)/.exec(line)?.[1];
  }
  return commands;
}
