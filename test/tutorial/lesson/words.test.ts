import { expect, it } from 'vitest';
import { languages } from '../../../src/tutorial/language.js';
import { sentencesIn } from './lesson-texts.js';

interface Word {
  readonly en: RegExp;
  /** Left out if the Japanese texts do not need the word, or explain it at another place. */
  readonly ja?: RegExp;
  /** The step whose page, command text or closing explains the word. Reasons and hints do not count: few read them. */
  readonly explainedIn: string;
}

/** Words that a reader may not know. Each one is explained where it is used first. */
const words: Readonly<Record<string, Word>> = {
  Kubernetes: { en: /Kubernetes/, ja: /Kubernetes/, explainedIn: 'welcome' },
  cluster: { en: /\bclusters?\b/i, ja: /クラスタ/, explainedIn: 'welcome' },
  Service: { en: /\bServices?\b/, ja: /Service/, explainedIn: 'welcome' },
  kubectl: { en: /kubectl/, ja: /kubectl/, explainedIn: 'welcome' },
  object: { en: /\bobjects?\b/, ja: /オブジェクト/, explainedIn: 'welcome' },
  'API server': { en: /API server/, ja: /API サーバ/, explainedIn: 'welcome' },
  Pod: { en: /\bPods?\b/, ja: /Pod/, explainedIn: 'cast' },
  worker: { en: /\bworkers?\b/, ja: /ワーカノード/, explainedIn: 'cast' },
  controller: { en: /\bcontrollers?\b/, ja: /コントローラ/, explainedIn: 'cast' },
  'kube-proxy': { en: /kube-proxy/, ja: /kube-proxy/, explainedIn: 'cast' },
  kproxy: { en: /kproxy/, ja: /kproxy/, explainedIn: 'cast' },
  label: { en: /\blabels?\b/, ja: /ラベル/, explainedIn: 'pods' },
  node: { en: /\bnodes?\b/, ja: /ノード(?<!ワーカノード)/, explainedIn: 'pods' },
  VIP: { en: /\bVIPs?\b/, ja: /VIP/, explainedIn: 'service' },
  'name server': { en: /\bname servers?\b|\bDNS\b/, ja: /ネームサーバ|DNS/, explainedIn: 'service' },
  selector: { en: /\bselectors?\b/, ja: /セレクタ/, explainedIn: 'service' },
  Endpoints: { en: /\bendpoints?\b/i, ja: /Endpoints|エンドポイント/, explainedIn: 'service' },
  EndpointSlice: { en: /\bEndpointSlices?\b/, ja: /EndpointSlice/, explainedIn: 'service' },
  YAML: { en: /YAML/, ja: /YAML/, explainedIn: 'order' },
  route: { en: /\brout(es?|ing)\b/i, ja: /経路|ルーティング/, explainedIn: 'order' },
  'here-document': { en: /here-document/, ja: /ヒアドキュメント/, explainedIn: 'endpoints' },
  root: { en: /\broot\b/, ja: /\broot\b/, explainedIn: 'root' },
  'load balancing': { en: /\bload balanc/, ja: /負荷分散|ロードバラン/, explainedIn: 'why-iptables' },
  IPVS: { en: /\bIPVS\b/, ja: /\bIPVS\b/, explainedIn: 'why-iptables' },
  NAT: { en: /\bD?NAT\b/, ja: /\bD?NAT\b/, explainedIn: 'why-iptables' },
  masquerading: { en: /\bmasquerad/i, ja: /マスカレード/, explainedIn: 'why-iptables' },
  iptables: { en: /\biptables\b/, ja: /\biptables\b/, explainedIn: 'why-iptables' },
  ipset: { en: /\bipset\b/, ja: /\bipset\b/, explainedIn: 'why-iptables' },
  rule: { en: /\brules?\b/, ja: /ルール/, explainedIn: 'why-iptables' },
  set: { en: /\b(a|an empty|the|which) set\b/i, explainedIn: 'why-iptables' },
  'cluster IP': { en: /\bcluster IPs?\b/, ja: /Cluster IP/, explainedIn: 'cluster-ip-set' },
  hook: { en: /\bhooks?\b/, ja: /フック/, explainedIn: 'map' },
  chain: { en: /\bchains?\b/, ja: /チェイン/, explainedIn: 'map' },
  jump: { en: /\bjumps?\b/, ja: /ジャンプ/, explainedIn: 'map' },
  PREROUTING: { en: /\bPREROUTING\b/, ja: /\bPREROUTING\b/, explainedIn: 'map' },
  mark: { en: /\bmark(s|ed)?\b/i, ja: /マーク/, explainedIn: 'mark' },
  'network device': { en: /\bdevices?\b/, ja: /デバイス/, explainedIn: 'masquerade' },
  SNAT: { en: /\bSNAT\b/, ja: /\bSNAT\b/, explainedIn: 'masquerade' },
  conntrack: { en: /\bconntrack\b/, ja: /\bconntrack\b/, explainedIn: 'masquerade' },
  policy: { en: /\bpolicy\b/, ja: /ポリシー/, explainedIn: 'forward' },
  'kernel module': { en: /\bmodule\b/, ja: /モジュール/, explainedIn: 'conntrack' },
  'dummy device': { en: /\bdummy\b/, ja: /\bdummy\b/, explainedIn: 'device' },
  'virtual server': { en: /\bvirtual servers?\b/, ja: /(?<!IP )Virtual Server/, explainedIn: 'virtual-server' },
  'round robin': { en: /\bround robin\b/, ja: /ラウンドロビン/, explainedIn: 'virtual-server' },
  'real server': { en: /\breal servers?\b/, ja: /Real Server/, explainedIn: 'real-servers' },
  weight: { en: /\bweights?\b/i, ja: /重み|weight/, explainedIn: 'real-servers' },
  'kproxy explain': { en: /kproxy explain/, ja: /kproxy explain/, explainedIn: 'no-mark' },
  backend: { en: /\bbackends?\b/, ja: /バックエンド/, explainedIn: 'no-mark' },
  sysctl: { en: /\bsysctls?\b/, ja: /sysctl/, explainedIn: 'no-conntrack-fixed' },
  kubelet: { en: /\bkubelet\b/, ja: /\bkubelet\b/, explainedIn: 'dead-backend' },
  hairpin: { en: /\bhairpin\b/, ja: /ヘアピン/, explainedIn: 'hairpin' },
  'full profile': { en: /full profile/, ja: /フルプロファイル/, explainedIn: 'hairpin-fixed' },
  'network plugin': { en: /\bnetwork plugins?\b/, ja: /プラグイン/, explainedIn: 'warehouse-packets' },
};

const isRead = (place: string) => !/hint|why|title/.test(place);

it.each(languages)('explains each word in the main text where it is used first, in the language %s', language => {
  const texts = sentencesIn(language);
  const known = Object.entries(words).flatMap(([word, { [language]: pattern, explainedIn }]) =>
    pattern === undefined ? [] : [{ word, pattern, explainedIn }],
  );
  const firstUses = known.map(({ word, pattern }) => {
    const first = texts.find(({ content, place }) => place !== 'title' && pattern.test(content));
    return [word, first === undefined ? 'nowhere' : isRead(first.place) ? first.step : `${first.step}, ${first.place}`];
  });
  expect(Object.fromEntries(firstUses)).toEqual(
    Object.fromEntries(known.map(({ word, explainedIn }) => [word, explainedIn])),
  );
});
