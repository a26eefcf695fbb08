import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'Two tools, and why one is not enough',
  paragraphs: [
    'The balancing is the work of IPVS, a part of the Linux kernel. It takes the packets to the ' +
      'VIP, picks one of the Pods for each connection, and replaces the destination in its packets: ' +
      '10.254.10.128:80 becomes 10.244.2.2:8080. When the Pod answers, IPVS puts the VIP back as the ' +
      'source. Replacing addresses in packets is called NAT, and replacing the destination DNAT.',
    "The caller's address stays as it is, and that is nice: the Pod sees who is calling. But it " +
      'answers to that address as well. If the way there does not lead back through inajob, IPVS ' +
      'never sees the answer, the VIP is not put back, and the caller gets mail from an address that ' +
      'it never wrote to. It throws it away.',
    "For such callers, inajob must put an address of its own in the place of the caller's. This is " +
      'called masquerading. IPVS cannot do it. iptables can: this tool gives the kernel rules. A rule ' +
      'has conditions and an action, such as: if a packet goes to this address and comes from there, ' +
      'then masquerade it.',
    'How many rules? One for each Service would be 5,000 rules in a large cluster, read one after ' +
      'another, for each new connection. So the rules are few, never change, and ask a set. A set is ' +
      'a table of addresses in the kernel, made with the tool ipset. It answers "is it in?" in one ' +
      'step, no matter how large it is. A new Service is a new line in the set. Inazu-kun once met a ' +
      'man who writes a rule for each Service. He is still writing.',
  ],
};
