const block = /^(<!-- lesson: ([a-z0-9-]+)(?:, (\d+) tasks?)? -->\n+```text\n)(.*?)^(```)$/gms;
const done = /^\u2713 .*\n/gm;

/**
 * Writes what steps of the lesson print into their blocks: ```` ```text ```` after a line `<!-- lesson: ID -->`. With
 * `<!-- lesson: ID, N tasks -->` the step is cut after so many tasks.
 * @param printed what each step prints, by its id
 * @throws Error if a step or a task does not exist
 */
export function renewLessonSteps(text: string, printed: ReadonlyMap<string, string>): string {
  return text.replace(block, (_, open: string, id: string, tasks: string | undefined, __, close: string) => {
    const step = printed.get(id);
    if (step === undefined) throw new Error(`the lesson has no step ${id}`);
    return open + tidy(tasks === undefined ? step : firstTasks(step, id, Number(tasks))) + close;
  });
}

/** Returns the beginning of a step, to the end of a task. */
function firstTasks(step: string, id: string, tasks: number): string {
  const last = [...step.matchAll(done)][tasks - 1];
  if (last === undefined) throw new Error(`the step ${id} has no ${tasks} tasks`);
  return step.slice(0, last.index + last[0].length);
}

/** Removes spaces at ends of lines, and empty lines around. */
const tidy = (text: string): string => `${text.replace(/ +$/gm, '').replace(/^\n+|\n+$/g, '')}\n`;
