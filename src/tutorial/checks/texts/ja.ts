import type { CheckTexts } from './texts.js';

export const ja: CheckTexts = {
  ranElsewhere: ({ ran, wanted }) =>
    `このタスクのコマンドはどれも ${ran} で実行されていますが、作業するのは ${wanted} です。`,

  setIsMissing: ({ on, set }) => `${on} にまだ set ${set} がありません。`,
  setHasSimilarName: ({ set, similar }) =>
    `set ${similar} はありますが、${set} はありません。名前のつづりを確認してください。`,
  setHasOtherType: ({ set, type, wanted }) =>
    `set ${set} はありますが、型が ${type} です。必要なのは ${wanted} です。` +
    `型はあとから変えられないので、\`ipset destroy ${set}\` で削除して作り直してください。`,
  setIsForIpv6: ({ set }) => `set ${set} はありますが、IPv6 用（family inet6）です。Service のアドレスは IPv4 です。`,

  entryIsMissing: ({ set, entry }) => `set ${set} にまだエントリ ${entry} がありません。`,
  entryIsStillThere: ({ set, entry }) => `set ${set} にエントリ ${entry} が残っています。`,
  entryIsInOtherSet: ({ set, entry, other }) =>
    `エントリ ${entry} は set ${other} に入っています。追加する先は ${set} です。`,
  entryHasOtherPort: ({ actual, wanted }) =>
    `エントリはありますが、ポートが ${actual} になっています。Service のポートは ${wanted} です。`,
  entryHasOtherProtocol: ({ actual, wanted }) =>
    `エントリはありますが、プロトコルが ${actual} になっています。Service のプロトコルは ${wanted} です。`,
  entryHasOtherAddress: ({ actual, wanted }) =>
    `エントリはありますが、アドレスが ${actual} になっています。Service のアドレスは ${wanted} です。`,

  chainIsMissing: ({ table, chain }) => `${table} テーブルにまだチェイン ${chain} がありません。`,
  chainHasSimilarName: ({ table, chain, similar }) =>
    `${table} テーブルにチェイン ${similar} はありますが、${chain} はありません。名前のつづりを確認してください。`,
  chainIsInOtherTable: ({ table, chain, other }) =>
    `チェイン ${chain} は ${other} テーブルにあります。必要なのは ${table} テーブルです（\`-t ${table}\`）。`,

  ruleIsMissing: ({ table, chain }) => `${table} テーブルの ${chain} に、まだこのルールがありません。`,
  ruleIsStillThere: ({ table, chain, number }) =>
    `${table} テーブルの ${chain} の ${number} 番目に、このルールが残っています。`,
  ruleIsElsewhere: ({ table, chain, places }) =>
    `このルールは ${places.join(' と ')} にはありますが、${table} ${chain} にはまだありません。`,
  ruleHasOtherArgument: ({ chain, number, actual, wanted }) =>
    `${chain} の ${number} 番目のルールが惜しいです。\`${wanted}\` のはずのところが \`${actual}\` になっています。`,
  ruleLacksArgument: ({ chain, number, wanted }) =>
    `${chain} の ${number} 番目のルールが惜しいです。\`${wanted}\` が足りません。`,
  ruleHasExtraArgument: ({ chain, number, actual }) =>
    `${chain} の ${number} 番目のルールが惜しいです。\`${actual}\` が余分です。`,
  ruleIsNotFirst: ({ chain, number, first }) =>
    `ルールはありますが、${chain} の ${number} 番目です。パケットは先に \`${first}\` を通ります。` +
    '-D で削除し、-I で入れ直して先頭に置いてください。',
  ruleIsThereTwice: ({ table, chain, count, number }) =>
    `同じルールが ${chain} に ${count} 個あります。` +
    `\`iptables -t ${table} -D ${chain} ${number}\` で最後のものを削除してください。`,

  policyDiffers: ({ chain, actual, wanted }) =>
    `${chain} のポリシーが ${actual} になっています。必要なのは ${wanted} です。`,

  linkIsMissing: ({ on, link }) => `${on} にまだデバイス ${link} がありません。`,
  linkHasSimilarName: ({ link, similar }) =>
    `デバイス ${similar} はありますが、${link} はありません。名前のつづりを確認してください。`,
  linkHasOtherType: ({ link, actual, wanted }) =>
    `デバイス ${link} はありますが、型が ${actual} です。必要なのは ${wanted} です。` +
    `\`ip link del ${link}\` で削除して作り直してください。`,

  addressIsMissing: ({ link, address }) => `デバイス ${link} にまだアドレス ${address} が付いていません。`,
  addressIsStillThere: ({ link, address }) => `デバイス ${link} にアドレス ${address} が残っています。`,
  addressHasOtherPrefix: ({ link, actual, wanted }) =>
    `${link} にアドレスは付いていますが、${actual} になっています。` +
    `必要なのは ${wanted}、つまりこのアドレス 1 つだけです。`,
  addressIsOnOtherLink: ({ link, address, other }) =>
    `アドレス ${address} はデバイス ${other} に付いています。付ける先は ${link} です。`,
  addressIsOther: ({ link, actual, wanted }) =>
    `デバイス ${link} に付いているアドレスは ${actual} です。Service のアドレスは ${wanted} です。`,

  virtualServerIsMissing: ({ on, server }) => `${on} の IPVS にまだ Virtual Server ${server} がありません。`,
  virtualServerHasOtherPort: ({ actual, wanted }) =>
    `Virtual Server はありますが、ポートが ${actual} になっています。Service のポートは ${wanted} です。`,
  virtualServerHasOtherProtocol: ({ actual, wanted }) =>
    `Virtual Server はありますが、プロトコルが ${actual} になっています。` +
    `Service のプロトコルは ${wanted} です（-t が TCP、-u が UDP）。`,
  virtualServerHasOtherAddress: ({ actual, wanted }) =>
    `Virtual Server はありますが、アドレスが ${actual} になっています。Service のアドレスは ${wanted} です。`,
  virtualServerHasOtherScheduler: ({ server, actual, wanted }) =>
    `Virtual Server ${server} はありますが、スケジューラが ${actual} です。` +
    `必要なのは ${wanted} です（\`-s ${wanted}\`）。`,
  virtualServerIsPersistent: ({ server }) =>
    `Virtual Server ${server} はありますが、persistent（-p）になっています。` +
    'これでは、同じクライアントがいつも同じ Real Server につながります。',

  realServerIsMissing: ({ server, address }) => `Virtual Server ${server} にまだ Real Server ${address} がありません。`,
  realServerIsStillThere: ({ server, address }) =>
    `Virtual Server ${server} に Real Server ${address} が残っています。`,
  realServerIsOfOther: ({ server, address, other }) =>
    `Real Server ${address} は Virtual Server ${other} に追加されています。追加する先は ${server} です。`,
  realServerHasOtherPort: ({ address, actual, wanted }) =>
    `Real Server ${address} はありますが、ポートが ${actual} になっています。Pod のポートは ${wanted} です。`,
  realServerHasOtherAddress: ({ actual, wanted }) =>
    `Real Server はありますが、アドレスが ${actual} になっています。Pod のアドレスは ${wanted} です。`,
  realServerIsNotMasqueraded: ({ address, forwarding }) =>
    `Real Server ${address} はありますが、転送方式が ${forwarding} です。必要なのは Masq です（-m）。` +
    '`ipvsadm -d` で削除し、-m を付けて追加し直してください。',
  realServerHasNoWeight: ({ address }) =>
    `Real Server ${address} はありますが、重み（weight）が 0 なので新しい接続が来ません。`,

  sysctlIsMissing: ({ name }) =>
    `/proc/sys/${name} がありません。\`modprobe ip_vs\` などで、カーネルモジュールをロードしてください。`,
  sysctlDiffers: ({ name, actual, wanted }) =>
    `/proc/sys/${name} の値が ${actual} になっています。必要なのは ${wanted} です。`,

  objectIsMissing: ({ object }) => `クラスタにまだ ${object} がありません。`,
  objectIsStillThere: ({ object }) => `クラスタに ${object} が残っています。`,
  fieldIsMissing: ({ object, field, wanted }) => `${object} に ${field} がありません。値は ${wanted} のはずです。`,
  fieldDiffers: ({ object, field, actual, wanted }) =>
    `${object} の ${field} が ${actual} になっています。値は ${wanted} のはずです。`,

  endpointsAreEmpty: ({ object }) => `${object} にアドレスが 1 つもありません。`,
  endpointIsMissing: ({ object, address }) => `${object} に ${address} がありません。`,
  endpointIsNotReady: ({ object, address }) => `${object} の ${address} は、Ready でない側に載っています。`,
  endpointIsTooMuch: ({ object, address }) => `${object} に、あってはいけない ${address} が載っています。`,
  endpointHasOtherPort: ({ object, address, actual, wanted }) =>
    `${object} に ${address} はありますが、ポートが ${actual} になっています。Pod のポートは ${wanted} です。`,
  endpointHasNoPort: ({ object, wanted }) =>
    `${object} にアドレスはありますが、ポートがありません。Pod のポートは ${wanted} です。`,

  shellIsNotRoots: ({ on }) => `${on} のシェルはまだ root になっていません。`,

  nothingRan: ({ on }) => `このタスクでは、まだ ${on} で何も実行していません。`,
  shownElsewhere: ({ ran, wanted }) => `出力したのは ${ran} です。このタスクで見るのは ${wanted} の出力です。`,
  answerLacks: ({ text }) => `出力に \`${text}\` がありません。`,
  answerLacksEach: ({ texts }) => `出力に ${texts.map(text => `\`${text}\``).join('、')} のどれもありません。`,

  noConnections: ({ server }) => `${server} にはまだ 1 回も接続がありません。`,
  connectionsAreFew: ({ server, count, wanted }) => `${server} への接続はまだ ${count} 回です。${wanted} 回必要です。`,
};
