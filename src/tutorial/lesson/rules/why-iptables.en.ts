import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'Two tools, and why one is not enough',
  paragraphs: [
    'Spreading calls over several servers is called load balancing. On a worker it is done by IPVS (IP ' +
      'Virtual Server), a part of the Linux kernel. IPVS takes the packets to the VIP, picks a Pod for ' +
      'each connection, and replaces the destination: 10.254.10.128:80 becomes 10.244.2.2:8080. In the ' +
      'answers it puts the VIP back as the source. Replacing addresses in packets is called NAT, and ' +
      'replacing the destination DNAT.',
    "The caller's address stays. So the Pod sees who is calling, and sends its answer there. If the " +
      'answer does not pass inajob on its way, IPVS never sees it, and the VIP is not put back. The caller ' +
      'gets an answer from an address that it never called, and throws it away.',
    'For such callers, inajob must put an address of its own in the place of theirs. Then the answer ' +
      'comes to inajob. This is called masquerading. IPVS cannot do it, but iptables can: with this tool ' +
      'you give the kernel rules. A rule has conditions and an action, such as: if a packet comes from ' +
      'there and goes to this address, masquerade it.',
    'One rule for each Service would be 5,000 rules in a large cluster, read one after another, for each ' +
      'new connection. So the rules are few, and ask a set: a table of addresses in the kernel, made with ' +
      'the tool ipset. A set answers "is it in?" in one step, no matter how large it is. A new Service is ' +
      'a new entry in the set. Inazu-kun once met a man who writes a rule for each Service. He is still ' +
      'writing.',
  ],
};
