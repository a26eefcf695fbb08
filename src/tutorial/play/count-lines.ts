/** Counts the lines of what is written. */
export interface LineCount {
  readonly write: (text: string) => void;
  readonly lines: () => number;
}

export function countLines(write: (text: string) => void): LineCount {
  let lines = 0;
  return {
    write(text) {
      lines += text.split('\n').length - 1;
      write(text);
    },
    lines: () => lines,
  };
}
