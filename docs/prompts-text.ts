/** The sentences of the page about prompts, in each language. */
import type { VOCABULARY } from "../animatic/vocabulary.ts";

export interface PromptsText {
  readonly introduction: readonly string[];
  readonly groups: Readonly<Record<keyof typeof VOCABULARY, readonly [title: string, about: string]>>;
  readonly heads: readonly [means: string, english: string, chinese: string];
  /** What an entry is that only keeps its words from meaning something else. */
  readonly other: string;
}

const EXAMPLE =
  "```bash\n" +
  'reelay plan "A lighthouse by the sea at dusk, the camera glides slowly to the right" --seed 7\n' +
  'reelay plan "雨夜的城市，霓虹灯，镜头缓慢推近" --negative "行人, 抖动" --seconds 8 --shots\n' +
  "```";

export const EN: PromptsText = {
  introduction: [
    "# Animatic prompts",
    "What the server's own renderer understands of a prompt: camera, place, light, life, sound, and what is kept out.",
    "Other providers get the prompt as it is. `reelay plan` prints the plan that a prompt becomes, without a server or a " +
      "network; the same plan is in the result as `plan`, so that one can see why a shot looks as it does.",
    EXAMPLE,
    "## What becomes of it",
    [
      "- **Words** count as whole words, in any case; a hyphen is a space; traditional characters count as the simplified " +
        "ones. Of all phrases that begin at a word the longest is taken. What is not in the tables has no effect.",
      "- **A negative prompt** (and a _no_ in the prompt) takes away what it names: places, times, weathers, moves, neon, " +
        "life, moods and sounds, also those that would have been chosen unasked. The plan lists them as `removed`. What a " +
        "scene never has, such as people, is in its `notes`; what is not understood, and what a given picture shows " +
        "anyway, is told to the client as not shown.",
      "- **Rewriting** (`thinking_type`, `enable_prompt_expansion`, `enhance_prompt`): phrases of this grammar are added " +
        "to a thin prompt, chosen by the seed to fit, and the plan follows from the longer text; both texts and the " +
        "reason are in the plan as `rewritten`. `enabled` (true) fills up what says fewer than four of place, time, " +
        "weather, camera, life and mood; `auto` (null) what says fewer than two; `disabled` (false) takes the prompt " +
        "literally: what is not said is plain, and the camera stands.",
      "- **Several shots** (`generate_multi_clip`): two from 3 seconds, three from 5, four from 8, each at least 1.5 " +
        "seconds long, with hard cuts and other framings. The first shows the whole picture; of a first and a last " +
        "picture the last shot ends on the last. Moves said in different parts of a sentence follow one another.",
      "- **Sound**: ambience is made of voices that belong to the place, the weather and the hour, under a pad that follows " +
        "the mood; one track under all shots, at -16 LUFS. A given `audio_url` is brought to -16 LUFS too (lifted by 18 dB " +
        "at most), and cut or faded to the video.",
      "- **A seed** decides everything that is chosen: same request and seed, same plan, same frames.",
    ].join("\n"),
    "## Who waits for whom",
    "Keys take turns. Among the renders that have had their turn, small ones overtake large ones: a job is due when it came plus " +
      "four times what it takes (by pixels times frames), and what is due first starts first.",
    "## Words",
    "`/` stands for either of two words, `…` for up to four words, or six Chinese characters, that may stand between.",
  ],
  groups: {
    camera: [
      "Camera",
      "Push and pull scale the picture; a dolly, an orbit and a crane go through the space in it, so that near things " +
        "move more than far ones. `undirected` words count only where no directed move is said. Of two opposite moves in " +
        "one take the one said first stays, and the plan notes the other; with several shots they follow one another. " +
        "`static` wins over every move. Without any word here the camera pushes in gently.",
    ],
    speed: [
      "Speed",
      "Of a camera move in the same part of a sentence: 0.35, 0.6, 1.7 and 2.4 times the usual way.",
    ],
    place: [
      "Place",
      "The place named first is drawn, where no picture is given. A `subject` is no place but usually found in one; it " +
        "counts where no place is named, and never with the rewrite `disabled`.",
    ],
    light: [
      "Time, weather and light",
      "Of several times sunset, dawn, night and day are taken in this order, of several weathers snow, rain and fog. " +
        "What is not said is chosen by the seed among what suits the place.",
    ],
    life: [
      "What moves by itself",
      "Sway is to and fro, rooted below; ripple is of water and heat; drift is slow and one way. A word of force in the " +
        "same part of a sentence makes it more or less. Places and weathers bring a little of their own.",
    ],
    sound: [
      "Mood and sound",
      "The mood named first colours the music of the ambience; named sounds are added to those of the place.",
    ],
    unwanted: [
      "Only in negative prompts",
      "`all` keeps out several things at once. What a scene never has is answered in the plan's notes.",
    ],
    denial: [
      "Not wanted",
      "What follows one of these, in the same part of a sentence and before a word like _in_, is kept out as if the " +
        "negative prompt named it. The words of `nothing` only look like these.",
    ],
    joint: ["Parts of a sentence", "Punctuation parts a sentence, and so do these."],
  },
  heads: ["means", "English", "Chinese"],
  other: "something else",
};

export const ZH: PromptsText = {
  introduction: [
    "# 动态分镜的提示词",
    "服务器自带的渲染器能听懂提示词里的什么：运镜、地点、光线、动静、声音，以及要排除的内容。",
    "其他提供方会原样收到提示词。`reelay plan` 打印一段提示词对应的分镜计划，不需要服务器也不需要网络；同样的计划会写进结果的 `plan`，" +
      "据此可以看出镜头为什么是这个样子。",
    EXAMPLE,
    "## 提示词如何生效",
    [
      "- **词语**按整词匹配，不分大小写；连字符视为空格；繁体字等同于简体字。从同一个词开始的短语取最长的一个。词表之外的内容不起作用。",
      "- **反向提示词**（以及提示词里的“不要”）会去掉它点名的内容：地点、时间、天气、运镜、霓虹、动静、氛围和声音，也包括本来会自动选上的。" +
        "计划中以 `removed` 列出。场景里本来就没有的（例如人物）写在 `notes` 里；听不懂的，以及给定图片里已经有的，会告知客户端没有体现。",
      "- **改写**（`thinking_type`、`enable_prompt_expansion`、`enhance_prompt`）：提示词过于简略时，按种子挑选合适的短语补上，再根据补全后的文字生成计划；" +
        "前后两段文字和理由都在计划的 `rewritten` 里。`enabled`（true）在地点、时间、天气、运镜、动静、氛围六项说到不足四项时补全；`auto`（null）在不足两项时补全；" +
        "`disabled`（false）严格按字面：没说的一律从简，镜头固定。",
      "- **多镜头**（`generate_multi_clip`）：3 秒起两个，5 秒起三个，8 秒起四个，每个至少 1.5 秒，硬切并变换构图。第一个镜头展示整个画面；给出首尾帧时，最后一个镜头以尾帧收尾。" +
        "写在不同分句里的运镜依次出现。",
      "- **声音**：环境声由符合地点、天气和时刻的声部组成，衬以随氛围变化的铺底音乐；所有镜头共用一条音轨，响度 -16 LUFS。给定的 `audio_url` 也会调整到 -16 LUFS" +
        "（最多提升 18 dB），并按视频长度截断或淡出。",
      "- **种子**决定一切随机选择：请求和种子相同，计划就相同，每一帧也相同。",
    ].join("\n"),
    "## 谁等谁",
    "各密钥轮流处理。轮到的渲染之中，小的可以超过大的：每个任务的到期时间等于到达时间加上四倍的预计耗时（按像素乘帧数计算），先到期的先开始。",
    "## 词表",
    "`/` 表示任选其一，`…` 表示中间最多可以隔四个英文单词或六个汉字。",
  ],
  groups: {
    camera: [
      "运镜",
      "推拉（push、pull）缩放画面；移动（dolly）、环绕（orbit）和升降（crane）在画面的空间里穿行，近处比远处动得更多。`undirected` 的词只在没有指明方向的运镜时生效。" +
        "同一镜头里两个相反的运镜，保留先说的那个，另一个记入计划的说明；多镜头时则依次出现。`static` 优先于一切运镜。这里的词一个都没有时，镜头轻轻推近。",
    ],
    speed: ["速度", "修饰同一分句里的运镜：分别是通常幅度的 0.35、0.6、1.7 和 2.4 倍。"],
    place: [
      "地点",
      "没有给图片时，画最先提到的地点。`subject` 本身不是地点，但通常出现在某种地点；只在没有提到地点时起作用，改写为 `disabled` 时从不起作用。",
    ],
    light: [
      "时间、天气与光线",
      "同时出现多个时间时，依次取日落、黎明、夜晚、白天；多个天气时，依次取雪、雨、雾。没有说的由种子在适合该地点的范围里选择。",
    ],
    life: [
      "自己会动的东西",
      "sway 是来回摇摆，下端固定；ripple 是水面和热浪的波动；drift 是缓慢的单向飘移。同一分句里表示强弱的词会加强或减弱它。地点和天气自带少许动静。",
    ],
    sound: ["氛围与声音", "最先提到的氛围决定环境音乐的色彩；点名的声音加到该地点的声音之上。"],
    unwanted: ["仅用于反向提示词", "`all` 一次排除多项。场景里本来就没有的，在计划的说明里答复。"],
    denial: [
      "不要的内容",
      "同一分句里跟在这些词后面、且在 _in_ 之类的词之前的内容会被排除，如同写在反向提示词里。`nothing` 的词只是看起来像否定。",
    ],
    joint: ["分句", "标点断句，下面这些词也断句。"],
  },
  heads: ["含义", "英文", "中文"],
  other: "另有所指",
};
