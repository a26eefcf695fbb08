import { ipvsDevice } from '../../node/names.js';
import { type Judgement, ok, problem } from '../finding.js';
import { asRoot } from '../fixes/as-root.js';
import type { DoctorCheck } from './check.js';

export const device: DoctorCheck = {
  name: 'device',
  judge({ devices, machine, tools }): readonly Judgement[] {
    if (devices.is === 'unread')
      return tools.some(({ name, isMissing }) => name === 'ip' && isMissing)
        ? []
        : [
            problem({
              what: `the devices cannot be read: ${devices.why}`,
              why: 'Without them kproxy changes nothing.',
              fix: asRoot(machine, 'ip -d -j addr show'),
            }),
          ];
    const found = devices.value.find(({ name }) => name === ipvsDevice);
    if (found === undefined) return [ok(`${ipvsDevice} does not exist yet; kproxy sync creates it`)];
    if (found.type === 'dummy') return [ok(`${ipvsDevice} is a dummy device`)];
    const type = found.type === undefined ? 'of hardware' : `of type ${found.type}`;
    return [
      problem({
        what: `${ipvsDevice} is not a dummy device, but ${type}`,
        why: 'The device of VIPs must be one that sends nothing and answers no ARP.',
        fix: asRoot(machine, `ip link delete ${ipvsDevice}`),
      }),
    ];
  },
};
