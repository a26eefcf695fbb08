import type { CheckTexts } from './texts.js';

export const en: CheckTexts = {
  ranElsewhere: ({ ran, wanted }) => `All commands of this task ran on ${ran}, but it is about ${wanted}.`,

  setIsMissing: ({ on, set }) => `${on} has no set ${set}.`,
  setHasSimilarName: ({ set, similar }) => `There is a set ${similar}, but none named ${set}. Check the spelling.`,
  setHasOtherType: ({ set, type, wanted }) =>
    `The set ${set} is there, but its type is ${type} and must be ${wanted}. ` +
    `A set cannot change its type. Remove it with \`ipset destroy ${set}\` and create it again.`,
  setIsForIpv6: ({ set }) =>
    `The set ${set} is there, but it is for IPv6 addresses (family inet6), and the Service has an IPv4 address.`,

  entryIsMissing: ({ set, entry }) => `The set ${set} has no entry ${entry}.`,
  entryIsStillThere: ({ set, entry }) => `The set ${set} still has the entry ${entry}.`,
  entryIsInOtherSet: ({ set, entry, other }) => `The entry ${entry} is in the set ${other}, but it must be in ${set}.`,
  entryHasOtherPort: ({ actual, wanted }) =>
    `The entry is there, but its port is ${actual} and the Service's is ${wanted}.`,
  entryHasOtherProtocol: ({ actual, wanted }) =>
    `The entry is there, but its protocol is ${actual} and the Service's is ${wanted}.`,
  entryHasOtherAddress: ({ actual, wanted }) =>
    `An entry is there, but its address is ${actual} and the Service's is ${wanted}.`,

  chainIsMissing: ({ table, chain }) => `The table ${table} has no chain ${chain}.`,
  chainHasSimilarName: ({ table, chain, similar }) =>
    `The table ${table} has a chain ${similar}, but none named ${chain}. Check the spelling.`,
  chainIsInOtherTable: ({ table, chain, other }) =>
    `The chain ${chain} is in the table ${other}, but it must be in ${table} (\`-t ${table}\`).`,

  ruleIsMissing: ({ table, chain }) => `The chain ${chain} of the table ${table} does not have the rule yet.`,
  ruleIsStillThere: ({ table, chain, number }) =>
    `The chain ${chain} of the table ${table} still has the rule, as number ${number}.`,
  ruleIsElsewhere: ({ table, chain, places }) =>
    `The rule is in ${places.join(' and in ')}, but not in ${table} ${chain} yet.`,
  ruleHasOtherArgument: ({ chain, number, actual, wanted }) =>
    `Rule ${number} of ${chain} is almost the right one, but it has \`${actual}\` instead of \`${wanted}\`.`,
  ruleLacksArgument: ({ chain, number, wanted }) =>
    `Rule ${number} of ${chain} is almost the right one, but it lacks \`${wanted}\`.`,
  ruleHasExtraArgument: ({ chain, number, actual }) =>
    `Rule ${number} of ${chain} is almost the right one, but it also has \`${actual}\`.`,
  ruleIsNotFirst: ({ chain, number, first }) =>
    `The rule is there, but as number ${number} of ${chain}. Packets meet \`${first}\` before it. ` +
    'Delete it with -D and insert it with -I, which puts it first.',
  ruleIsThereTwice: ({ table, chain, count, number }) =>
    `The rule is in ${chain} ${count} times. Delete the last one with \`iptables -t ${table} -D ${chain} ${number}\`.`,

  policyDiffers: ({ chain, actual, wanted }) => `The policy of ${chain} is ${actual}, but must be ${wanted}.`,

  linkIsMissing: ({ on, link }) => `${on} has no device ${link}.`,
  linkHasSimilarName: ({ link, similar }) =>
    `There is a device ${similar}, but none named ${link}. Check the spelling.`,
  linkHasOtherType: ({ link, actual, wanted }) =>
    `The device ${link} is there, but its type is ${actual} and must be ${wanted}. ` +
    `Remove it with \`ip link del ${link}\` and add it again.`,

  addressIsMissing: ({ link, address }) => `The device ${link} does not have the address ${address}.`,
  addressIsStillThere: ({ link, address }) => `The device ${link} still has the address ${address}.`,
  addressHasOtherPrefix: ({ link, actual, wanted }) =>
    `The address is on ${link}, but as ${actual}. It must be ${wanted}, which is this one address alone.`,
  addressIsOnOtherLink: ({ link, address, other }) =>
    `The address ${address} is on the device ${other}, but it must be on ${link}.`,
  addressIsOther: ({ link, actual, wanted }) =>
    `The device ${link} has an address, but it is ${actual} and the Service's is ${wanted}.`,

  virtualServerIsMissing: ({ on, server }) => `IPVS on ${on} has no virtual server ${server}.`,
  virtualServerHasOtherPort: ({ actual, wanted }) =>
    `The virtual server is there, but its port is ${actual} and the Service's is ${wanted}.`,
  virtualServerHasOtherProtocol: ({ actual, wanted }) =>
    `The virtual server is there, but its protocol is ${actual} and the Service's is ${wanted} (-t is TCP, -u is UDP).`,
  virtualServerHasOtherAddress: ({ actual, wanted }) =>
    `A virtual server is there, but its address is ${actual} and the Service's is ${wanted}.`,
  virtualServerHasOtherScheduler: ({ server, actual, wanted }) =>
    `The virtual server ${server} is there, but its scheduler is ${actual} and must be ${wanted} (\`-s ${wanted}\`).`,
  virtualServerIsPersistent: ({ server }) =>
    `The virtual server ${server} is there, but it is persistent (-p): each client stays with one real server.`,

  realServerIsMissing: ({ server, address }) => `The virtual server ${server} has no real server ${address}.`,
  realServerIsStillThere: ({ server, address }) => `The virtual server ${server} still has the real server ${address}.`,
  realServerIsOfOther: ({ server, address, other }) =>
    `The real server ${address} belongs to the virtual server ${other}, but it must belong to ${server}.`,
  realServerHasOtherPort: ({ address, actual, wanted }) =>
    `The real server ${address} is there, but its port is ${actual} and the Pod's is ${wanted}.`,
  realServerHasOtherAddress: ({ actual, wanted }) =>
    `A real server is there, but its address is ${actual} and the Pod's is ${wanted}.`,
  realServerIsNotMasqueraded: ({ address, forwarding }) =>
    `The real server ${address} is there, but its forwarding is ${forwarding} and must be Masq (-m). ` +
    'Delete it with `ipvsadm -d` and add it again with -m.',
  realServerHasNoWeight: ({ address }) =>
    `The real server ${address} is there, but its weight is 0, so it gets no new connections.`,

  sysctlIsMissing: ({ name }) =>
    `There is no /proc/sys/${name}. Load the module of the kernel that has it, such as with \`modprobe ip_vs\`.`,
  sysctlDiffers: ({ name, actual, wanted }) => `/proc/sys/${name} is ${actual}, but must be ${wanted}.`,

  objectIsMissing: ({ object }) => `The cluster has no ${object}.`,
  objectIsStillThere: ({ object }) => `The cluster still has ${object}.`,
  fieldIsMissing: ({ object, field, wanted }) => `${object} has no ${field}. It must be ${wanted}.`,
  fieldDiffers: ({ object, field, actual, wanted }) => `${field} of ${object} is ${actual}, but must be ${wanted}.`,

  endpointsAreEmpty: ({ object }) => `${object} lists no address.`,
  endpointIsMissing: ({ object, address }) => `${object} does not list ${address}.`,
  endpointIsNotReady: ({ object, address }) => `${object} lists ${address}, but as not ready.`,
  endpointIsTooMuch: ({ object, address }) => `${object} lists ${address}, which must not be there.`,
  endpointHasOtherPort: ({ object, address, actual, wanted }) =>
    `${object} lists ${address}, but with port ${actual}. The Pod's port is ${wanted}.`,
  endpointHasNoPort: ({ object, wanted }) => `${object} lists addresses, but no port. The Pod's port is ${wanted}.`,

  shellIsNotRoots: ({ on }) => `The shell on ${on} is not root's yet.`,

  nothingRan: ({ on }) => `No command of this task ran on ${on} yet.`,
  shownElsewhere: ({ ran, wanted }) => `${ran} has answered. This task needs the answer of ${wanted}.`,
  answerLacks: ({ text }) => `The answer does not show \`${text}\`.`,
  answerLacksEach: ({ texts }) => `The answer shows none of these: ${texts.map(text => `\`${text}\``).join(', ')}.`,

  noConnections: ({ server }) => `${server} has not had a connection yet.`,
  connectionsAreFew: ({ server, count, wanted }) => `${server} has had ${count} of ${wanted} connections.`,
};
