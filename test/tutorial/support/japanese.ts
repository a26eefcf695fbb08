/** A word or spelling that the Japanese texts avoid, and what they have in its place. */
interface Usage {
  readonly avoided: RegExp;
  readonly used: string;
}

/** One author's usage: without it, a term has two names as soon as two people have edited the texts. */
const usages: readonly Usage[] = [
  { avoided: /返事/, used: '応答' },
  { avoided: /呼び出し|呼び出す/, used: 'アクセス, リクエスト; クライアント for the sender' },
  { avoided: /(?<!と|こう)呼[びぶべん]/, used: 'アクセスする; 呼ぶ only gives names' },
  { avoided: /リスト/, used: '一覧' },
  { avoided: /セット/, used: 'set' },
  { avoided: /タイプ/, used: '型' },
  { avoided: /(?<!（)weight/, used: '重み' },
  { avoided: /チェーン/, used: 'チェイン' },
  { avoided: /テーブル (nat|filter)/, used: 'nat テーブル' },
  { avoided: /チェイン (INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)/, used: 'FORWARD チェイン' },
  { avoided: /サーバー|ユーザー|カウンター|ルーター|コントローラー|スケジューラー|バランサー/, used: 'サーバ' },
  { avoided: /ワーカ(?!ノード)/, used: 'ワーカノード for the machine, 作業者 for the role' },
  { avoided: /仮想サーバ|実サーバ|リアルサーバ|バーチャルサーバ/, used: 'Virtual Server, Real Server' },
  { avoided: /宛て/, used: '宛' },
  { avoided: /(?<!自)分か[らりるれっ]/, used: 'わかる' },
  { avoided: /今(?![日度回])/, used: 'いま' },
  { avoided: /(?<=[のるた元])通り(?!過)/, used: 'とおり, どおり' },
  { avoided: /気付|揃|諦め|構いません/, used: '気づく, そろう, あきらめる, かまいません' },
  { avoided: /か？/, used: 'か。' },
  { avoided: /(Service|VIP|Virtual Server) の後ろ/, used: '裏に' },
  { avoided: /[二三四五六七八九十百千](つ|回|台|枚|個|人|行|文字|手間|組|種類|段階|か所)/, used: '2 つ' },
  { avoided: /(?<!何|物音)一つ|一(台|枚|個|文字|手間|か所)|一回/, used: '1 つ' },
];

/** Returns the usages that a text goes against, each with the place in the text. */
export const slipsIn = (text: string): readonly string[] =>
  usages.flatMap(({ avoided, used }) => {
    const found = avoided.exec(text);
    if (found === null) return [];
    return [`${text.slice(Math.max(0, found.index - 10), found.index + 10)} (${used})`];
  });
