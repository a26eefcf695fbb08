/** The name of the shells that start tools, with which their own messages begin. */
export const shellName = 'kproxy-tool-shell';
