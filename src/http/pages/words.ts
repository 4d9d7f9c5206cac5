/** The fixed words of what code adds to the pages, in each language. */
import type { Language } from "./language.ts";

export interface Words {
  readonly language: string;
  readonly otherLanguage: string;
  readonly pages: string;
  readonly onThisPage: string;
  readonly asMarkdown: string;
  readonly skip: string;
  readonly notFound: string;
  readonly notFoundAbout: string;
  readonly yes: string;
  readonly no: string;
  readonly none: string;
  readonly or: (what: string) => string;
  /** Heads of tables. */
  readonly field: string;
  readonly type: string;
  readonly required: string;
  readonly standard: string;
  readonly allowed: string;
  readonly about: string;
  readonly setting: string;
  readonly creditsPerSecond: string;
  readonly optional: string;
  /** Types and limits of fields. */
  readonly types: Readonly<Record<"string" | "integer" | "number" | "boolean" | "url" | "urls", string>>;
  readonly characters: (min: number | undefined, max: number) => string;
  readonly range: (min: number, max: number) => string;
  readonly bytes: (mib: string) => string;
  readonly sides: (min: number, max: number) => string;
  readonly ratio: (min: number, max: number) => string;
  readonly seconds: (min: number, max: number) => string;
  readonly upTo: (max: number, each: string) => string;
  readonly notHere: (why: string) => string;
  /** Pages of models. */
  readonly modelAbout: (id: string) => string;
  readonly fields: string;
  /** What no field says, because it is always the same. */
  readonly always: (seconds: number | undefined, size: string | undefined) => string;
  readonly rules: string;
  readonly price: string;
  readonly priceFrom: (source: string) => string;
  readonly factsFrom: (source: string) => string;
  readonly example: string;
  readonly exampleAbout: string;
  readonly notShown: string;
  readonly noModel: string;
  /** Errors. */
  readonly cause: string;
  readonly fault: string;
  readonly remedy: string;
  readonly retry: string;
  readonly retryYes: string;
  readonly retryNo: string;
  readonly billed: string;
  readonly billedNo: string;
  readonly billedUnknown: string;
  readonly atOnce: string;
  readonly asTaskEnd: string;
  readonly dialect: string;
  readonly faults: Readonly<Record<"caller" | "operator" | "provider" | "us", string>>;
  readonly inThePrompt: string;
  readonly whatHappens: string;
  /** Providers. */
  readonly kind: string;
  readonly what: string;
  readonly where: string;
  readonly yours: string;
  readonly key: string;
  readonly openedBy: string;
  readonly needs: Readonly<Record<"required" | "optional" | "none", string>>;
  readonly also: (kind: string) => string;
  readonly isRequired: string;
  readonly whereLeftOut: (value: string) => string;
  readonly parameter: string;
  readonly endpoint: string;
  readonly lacks: (why: string) => string;
  readonly notSent: (why: string) => string;
  readonly item: (place: number) => string;
  readonly inside: (name: string, frame: string) => string;
  readonly asText: (text: string) => string;
  readonly asValues: (values: string) => string;
  readonly whereOpen: (value: string) => string;
  readonly alwaysSent: string;
  readonly limits: string;
  readonly atMostBytes: (bytes: number) => string;
  readonly speaksOurs: (kind: string, title: string) => string;
  /** The reference. */
  readonly referenceOf: (tag: string) => string;
  readonly openapi: string;
  readonly place: string;
  readonly status: string;
  readonly body: string;
  readonly answer: (status: string) => string;
  readonly failures: string;
  readonly schema: (name: string) => string;
  readonly schemas: string;
  readonly examples: (of: string) => string;
}

const EN: Words = {
  language: "English",
  otherLanguage: "中文",
  pages: "Pages",
  onThisPage: "On this page",
  asMarkdown: "This page as Markdown",
  skip: "Skip to the text",
  notFound: "There is no such page",
  notFoundAbout: "These are there:",
  yes: "yes",
  no: "no",
  none: "none",
  or: (what) => `${what} or null`,
  field: "field",
  type: "type",
  required: "required",
  standard: "default",
  allowed: "allowed",
  about: "about",
  setting: "setting",
  creditsPerSecond: "credits per second",
  optional: "Optional",
  types: {
    string: "string",
    integer: "integer",
    number: "number",
    boolean: "boolean",
    url: "URL",
    urls: "list of URLs",
  },
  characters: (min, max) => (min === undefined ? `at most ${max} characters` : `${min} to ${max} characters`),
  range: (min, max) => `${min} to ${max}`,
  bytes: (mib) => `at most ${mib} MiB`,
  sides: (min, max) => `sides of ${min} to ${max} pixels`,
  ratio: (min, max) => `width to height ${min} to ${max}`,
  seconds: (min, max) => `${min} to ${max} seconds`,
  upTo: (max, each) => `1 to ${max}; each ${each}`,
  notHere: (why) => `Not on this model: ${why}.`,
  modelAbout: (id) => `What ${id} takes, what it costs, and a request to try.`,
  fields: "Fields",
  always: (seconds, size) =>
    ["Always", seconds && `${seconds} seconds`, size && `at ${size}`].filter(Boolean).join(" ").concat("."),
  rules: "What must hold between them",
  price: "Price",
  priceFrom: (source) => `Where the price comes from: ${source}.`,
  factsFrom: (source) => `Where these facts come from: ${source}.`,
  example: "A request to try",
  exampleAbout:
    "A dry run: it is checked like any other, tells its price, and makes nothing. Without `dry_run` it becomes a task.",
  notShown: "What an animatic does not have",
  noModel: "This server has no model.",
  cause: "Cause",
  fault: "Who has to act",
  remedy: "What to do",
  retry: "Try the same again",
  retryYes: "yes, later",
  retryNo: "no, it would end the same",
  billed: "Billed",
  billedNo: "no",
  billedUnknown:
    'you are not; where a provider was still at work (`"billed": "unknown"`), it may have charged the operator',
  atOnce: "as an answer",
  asTaskEnd: "as the end of a task",
  dialect: "dialect",
  faults: { caller: "the caller", operator: "the operator", provider: "the provider", us: "Reelay" },
  inThePrompt: "in the prompt",
  whatHappens: "what happens",
  kind: "kind",
  what: "what it is",
  where: "where",
  yours: "yours",
  key: "key",
  openedBy: "opened by",
  needs: { required: "yes", optional: "optional", none: "none" },
  also: (kind) => `${kind} also has:`,
  isRequired: "Required.",
  whereLeftOut: (value) => `${value} where left out.`,
  parameter: "parameter",
  endpoint: "endpoint",
  lacks: (why) => `**no**: ${why}`,
  notSent: (why) => `_not sent_: ${why}`,
  item: (place) => ["(first)", "(second)"][place] ?? `(number ${place + 1})`,
  inside: (name, frame) => `in ${name}, as ${frame}`,
  asText: (text) => `as text ${text}`,
  asValues: (values) => `as ${values}`,
  whereOpen: (value) => `(${value} where left open)`,
  alwaysSent: "Always sent besides:",
  limits: "And these limits:",
  atMostBytes: (bytes) => `at most ${bytes} bytes`,
  speaksOurs: (kind, title) =>
    `${kind} (${title}) speaks our own names: every model has a route to it, and every parameter is sent as it is.`,
  referenceOf: (tag) => `Reference: ${tag}`,
  openapi: "Every operation of every dialect, as OpenAPI 3.1.",
  place: "in",
  status: "status",
  body: "Body",
  answer: (status) => `Answer ${status}`,
  failures: "Failures",
  schema: (name) => `Schema: ${name}`,
  schemas: "Schemas",
  examples: (of) => `${of}: examples`,
};

const ZH: Words = {
  language: "中文",
  otherLanguage: "English",
  pages: "文档目录",
  onThisPage: "本页内容",
  asMarkdown: "本页的 Markdown 版本",
  skip: "跳到正文",
  notFound: "没有这个页面",
  notFoundAbout: "现有页面如下：",
  yes: "是",
  no: "否",
  none: "无",
  or: (what) => `${what} 或 null`,
  field: "字段",
  type: "类型",
  required: "必填",
  standard: "默认值",
  allowed: "允许的值",
  about: "说明",
  setting: "配置项",
  creditsPerSecond: "每秒积分",
  optional: "可选",
  types: {
    string: "字符串",
    integer: "整数",
    number: "数字",
    boolean: "布尔值",
    url: "URL",
    urls: "URL 列表",
  },
  characters: (min, max) => (min === undefined ? `最多 ${max} 个字符` : `${min} 到 ${max} 个字符`),
  range: (min, max) => `${min} 到 ${max}`,
  bytes: (mib) => `最大 ${mib} MiB`,
  sides: (min, max) => `边长 ${min} 到 ${max} 像素`,
  ratio: (min, max) => `宽高比 ${min} 到 ${max}`,
  seconds: (min, max) => `时长 ${min} 到 ${max} 秒`,
  upTo: (max, each) => `1 到 ${max} 个，每个：${each}`,
  notHere: (why) => `此模型不支持：${why}。`,
  modelAbout: (id) => `${id} 接受哪些参数、如何计价，以及一个可以直接运行的请求。`,
  fields: "字段",
  always: (seconds, size) =>
    ["固定为", [seconds && ` ${seconds} 秒`, size && ` ${size}`].filter(Boolean).join("、"), "。"].join(""),
  rules: "字段之间的约束",
  price: "价格",
  priceFrom: (source) => `价格来源：${source}。`,
  factsFrom: (source) => `参数来源：${source}。`,
  example: "试一个请求",
  exampleAbout: "这是一次试算：照常校验并给出价格，但不生成任何东西。去掉 `dry_run` 就会创建任务。",
  notShown: "动态分镜不具备的部分",
  noModel: "这台服务器没有任何模型。",
  cause: "原因",
  fault: "由谁处理",
  remedy: "处理办法",
  retry: "原样重试",
  retryYes: "可以，稍后重试",
  retryNo: "不必，结果不会变",
  billed: "是否计费",
  billedNo: "不计费",
  billedUnknown: '不向你计费；如果提供方当时仍在工作（`"billed": "unknown"`），它可能已向管理员收费',
  atOnce: "作为请求的应答",
  asTaskEnd: "作为任务的结局",
  dialect: "方言",
  faults: { caller: "调用方", operator: "管理员", provider: "提供方", us: "Reelay" },
  inThePrompt: "写在提示词里",
  whatHappens: "会发生什么",
  kind: "种类",
  what: "是什么",
  where: "地址",
  yours: "自行指定",
  key: "密钥",
  openedBy: "启用方式",
  needs: { required: "需要", optional: "可选", none: "不需要" },
  also: (kind) => `${kind} 另有：`,
  isRequired: "必填。",
  whereLeftOut: (value) => `不填时为 ${value}。`,
  parameter: "参数",
  endpoint: "接口",
  lacks: (why) => `**不支持**：${why}`,
  notSent: (why) => `_不发送_：${why}`,
  item: (place) => `（第 ${place + 1} 项）`,
  inside: (name, frame) => `写入 ${name}，形式为 ${frame}`,
  asText: (text) => `转成文本 ${text}`,
  asValues: (values) => `换成 ${values}`,
  whereOpen: (value) => `（未填时发送 ${value}）`,
  alwaysSent: "此外固定发送：",
  limits: "以及以下限制：",
  atMostBytes: (bytes) => `最大 ${bytes} 字节`,
  speaksOurs: (kind, title) =>
    `${kind}（${title}）使用与我们相同的名称：每个模型都有通往它的路由，所有参数原样发送。`,
  referenceOf: (tag) => `参考：${tag}`,
  openapi: "所有方言的全部接口，OpenAPI 3.1 格式。",
  place: "位置",
  status: "状态码",
  body: "正文",
  answer: (status) => `应答 ${status}`,
  failures: "失败应答",
  schema: (name) => `结构：${name}`,
  schemas: "数据结构",
  examples: (of) => `${of}：示例`,
};

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
