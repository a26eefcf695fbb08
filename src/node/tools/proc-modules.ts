/** How often each loaded module is held, from /proc/modules' `ip_vs_rr 16384 12 - Live 0x0`. Modules that are built into the kernel are not there. */
export const moduleUsers = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text.split('\n').flatMap(line => {
      const [name = '', , users = ''] = line.split(' ');
      return name === '' ? [] : [[name, Number(users)]];
    }),
  );
