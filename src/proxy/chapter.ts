import type { Element } from '../node/element.js';

const chapterChains = ['KUBE-MARK-MASQ', 'KUBE-POSTROUTING', 'KUBE-SERVICES', 'KUBE-FORWARD'];

/** Whether the workshop chapter has an element of this kind and name; its rules are marked one by one. */
export function isInChapter(element: Element): boolean {
  switch (element.kind) {
    case 'set':
      return element.name === 'KUBE-CLUSTER-IP';
    case 'entry':
      return element.set === 'KUBE-CLUSTER-IP';
    case 'chain':
      return chapterChains.includes(element.name);
    case 'sysctl':
      return element.name === 'net/ipv4/vs/conntrack';
    case 'module':
      return false;
    default:
      return true;
  }
}
