import { type FakeKernel, freshKernel, loadModule } from '../kernel.js';
import { sortedKeys, type TextPart, wrong } from './part.js';

/** `modprobe ip_vs`. */
export const modprobePart: TextPart = {
  print: ({ modules }) => [...modules].sort(),
  run: (kernel, words) => (words.join(' ') === 'ip_vs' ? loadModule(kernel, 'ip_vs') : wrong('modprobe', words)),
};

/** `sysctl net.ipv4.ip_forward=1`. Leaves out values that a fresh machine has after loading the same modules. */
export const sysctlPart: TextPart = {
  print: ({ sysctls, modules }) => {
    const fresh = freshWith(modules).sysctls;
    return sortedKeys(sysctls)
      .filter(name => sysctls.get(name) !== fresh.get(name))
      .map(name => `${name.replaceAll('/', '.')}=${sysctls.get(name)}`);
  },
  run: ({ sysctls }, words) => {
    const [, name = '', value = ''] = /^([\w.-]+)=(\S+)$/.exec(words.join(' ')) ?? wrong('sysctl', words);
    sysctls.set(name.replaceAll('.', '/'), value);
  },
};

function freshWith(modules: ReadonlySet<string>): FakeKernel {
  const fresh = freshKernel();
  for (const name of modules) loadModule(fresh, name);
  return fresh;
}
