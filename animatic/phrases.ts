/** Text as a list of words, and a set of phrases found in it: the longest that begins at each word, in linear time. */

export interface Token {
  /** Lower case; one Chinese character is a word of its own. Empty where a sentence is parted. */
  readonly word: string;
  /** Where it ends a part of a sentence: punctuation. */
  readonly stop: boolean;
}

const TOKEN = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+(?:'[a-z]+)?|[,.;:!?。、\n\r]/gu;

/** What some write for the simplified characters that the tables have. */
const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  [
    "鏡镜 頭头 遠远 進进 緩缓 機机 靜静 動动 後后 開开 縮缩 軌轨 飛飞 從从 環环 繞绕 轉转 順顺 時时 針针 搖摇 橫横",
    "變变 極极 輕轻 漸渐 雲云 霧雾 風风 樹树 葉叶 煙烟 燈灯 陽阳 島岛 灣湾 輪轮 塵尘 東东 廈厦 樓楼 廣广 場场 麥麦",
    "飄飘 滿满 邊边 車车 鐵铁 廂厢 臥卧 廚厨 館馆 廳厅 間间 裡里 內内 馬马 貓猫 鳥鸟 魚鱼 龍龙 藍蓝 晝昼 無无 沒没",
    "別别 聲声 樂乐 懸悬 緊紧 張张 憂忧 傷伤 壯壮 觀观 麗丽 銀银 蕩荡 漣涟 髮发 發发 湧涌 烏乌 熱热 氣气 蠟蜡 燭烛",
    "騰腾 鄉乡 園园 叢丛 櫻樱 灘滩 線线 際际 蘆芦 葦苇 溫温 慘惨 紐纽 約约 倫伦 黃黄 駱骆 駝驼 銹锈 話话 夢梦 靈灵",
    "紛纷 強强 劇剧",
  ]
    .flatMap((line) => line.split(" "))
    .map((pair) => [pair.charAt(0), pair.charAt(1)]),
);

export function tokensOf(text: string): readonly Token[] {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll("’", "'");
  return (plain.match(TOKEN) ?? []).map((word) => ({
    word: SIMPLIFIED.get(word) ?? word,
    stop: /^[,.;:!?。、\n\r]/u.test(word),
  }));
}

/** `pan|pans…left` as the phrases it stands for; null is the gap. */
export function phrasesOf(notation: string): readonly (readonly (string | null)[])[] {
  let phrases: (string | null)[][] = [[]];
  for (const part of notation.replaceAll("…", " … ").trim().split(/\s+/)) {
    const choices = part === "…" ? [[null]] : part.split("|").map((one) => tokensOf(one).map((t) => t.word));
    phrases = phrases.flatMap((begun) => choices.map((choice) => [...begun, ...choice]));
  }
  return phrases;
}

interface Node<Meaning> {
  readonly next: Map<string, Node<Meaning>>;
  gap: Node<Meaning> | null;
  readonly means: Meaning[];
}

const newNode = <Meaning>(): Node<Meaning> => ({ next: new Map(), gap: null, means: [] });

/** How much may stand in a gap: a Chinese character weighs 2, a word 3. */
const GAP = 12;
const weightOf = (word: string): number => (/^\p{Script=Han}/u.test(word) ? 2 : 3);

export interface Found<Meaning> {
  readonly means: readonly Meaning[];
  /** The places of its words among the tokens; words in a gap are not its own. */
  readonly at: readonly number[];
}

/** The matcher of a set of phrases. */
export function matcherOf<Meaning>(
  phrases: Iterable<readonly [notation: string, meaning: Meaning]>,
): (tokens: readonly Token[]) => readonly Found<Meaning>[] {
  const root = newNode<Meaning>();
  for (const [notation, meaning] of phrases)
    for (const phrase of phrasesOf(notation)) {
      const node = phrase.reduce(step<Meaning>, root);
      if (!node.means.includes(meaning)) node.means.push(meaning);
    }
  return (tokens) => {
    const found: Found<Meaning>[] = [];
    const taken = new Set<number>();
    for (let at = 0; at < tokens.length; ) {
      const best = taken.has(at) ? null : longest(root, tokens, at);
      if (best) {
        found.push(best);
        for (const place of best.at) taken.add(place);
      }
      do at++;
      while (taken.has(at));
    }
    return found;
  };
}

function step<Meaning>(node: Node<Meaning>, word: string | null): Node<Meaning> {
  if (word === null) {
    node.gap ??= newNode();
    return node.gap;
  }
  const next = node.next.get(word) ?? newNode();
  node.next.set(word, next);
  return next;
}

/** Of the phrases that begin at `from` the one with most words, then the one with the shortest gap. */
function longest<Meaning>(
  root: Node<Meaning>,
  tokens: readonly Token[],
  from: number,
): Found<Meaning> | null {
  let best: Found<Meaning> | null = null;
  const walk = (node: Node<Meaning>, index: number, at: readonly number[]): void => {
    if (node.means.length > 0 && at.length > (best?.at.length ?? 0)) best = { means: node.means, at };
    const token = tokens[index];
    const next = token && node.next.get(token.word);
    if (next) walk(next, index + 1, [...at, index]);
    if (!node.gap) return;
    for (let skip = index, room = GAP; room >= 0; skip++) {
      const tail = tokens[skip];
      if (!tail || tail.stop) return;
      const after = node.gap.next.get(tail.word);
      if (after) walk(after, skip + 1, [...at, skip]);
      room -= weightOf(tail.word);
    }
  };
  walk(root, from, []);
  return best;
}
