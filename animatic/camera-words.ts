/**
 * What people write when they ask for a camera move. How phrases are written: see word-list.ts. Of all phrases that
 * begin at a word the longest is taken, so that "zoom out" is not "zoom".
 */
import { list } from "./word-list.ts";

/** Push and pull scale the picture; a dolly goes through the space in it. Cranes rise, tilts look up. */
export type Move =
  | ("push" | "pull" | "left" | "right" | "up" | "down")
  | ("dolly-in" | "dolly-out" | "orbit-left" | "orbit-right" | "crane-up" | "crane-down");

export type Words<Name extends string> = Readonly<Record<Name, readonly string[]>>;

const GLIDES = "move|moves|moving|glide|glides|gliding|slide|slides|sliding|sweep|sweeps|sweeping";
const FLOATS = "float|floats|floating|drift|drifts|drifting|travel|travels|travelling|traveling|swing|swings";
const TURNS = "pan|pans|panning|truck|trucks|trucking|track|tracks|tracking|sweeps|slides|sliding";
const ROUND = "orbit|orbits|orbiting|circle|circles|circling|arc|arcs|arcing|rotate|rotates|rotating";
const TILTS = "tilt|tilts|tilting";
const SLOWLY = "slowly|gently|smoothly|steadily|gradually|quickly|rapidly|suddenly";
const CRANES = "crane|cranes|craning|pedestal|boom|booms|jib";

export const CAMERA_WORDS: Words<Move | "static"> = {
  static: list(`
    static|fixed|locked|stationary shot|camera|view|frame|lens|framing, still|motionless camera
    locked off, tripod, no camera movement|motion|move|moves, no|without camera movement|motion|moves
    without any camera movement|motion|moves, camera does not move, don't|not|never move the camera
    keep|keeps the camera still|static|fixed|steady, camera doesn't|never moves|move
    camera stays|remains|is|holds still|static|fixed|steady|motionless
    固定镜头, 固定机位, 静止镜头, 静态镜头, 静止画面, 镜头固定, 镜头静止, 镜头不动, 镜头保持不动
    机位固定, 无运镜, 没有运镜, 不要运镜, 定镜
  `),
  push: list(`
    camera move|moves|moving in, camera ${SLOWLY} moves in|closer, camera ${SLOWLY} approaches
    zoom|zooms|zooming in|into|toward|towards|closer, push|pushes|pushing in|forward|closer
    camera pushes|pushing, move|moves|moving closer, camera approaches|approaching
    close|closes|closing in, crash zoom
    推近, 推进, 推镜, 推向, 镜头推, 镜头拉近, 镜头前推, 前推, 拉近, 镜头靠近, 放大
  `),
  pull: list(`
    zoom|zooms|zooming out|back, pull|pulls|pulling back|out|away, camera pulls|pulling
    camera retreats|retreating
    拉远, 拉镜, 镜头拉, 镜头后拉, 后拉, 缩小, 拉开镜头, 镜头拉开
  `),
  "dolly-in": list(`
    dolly|dollies|dollying in|forward|closer|toward|towards|through
    track|tracks|tracking in|forward|through, fly|flies|flying through|forward
    camera flies|flying|soars|soaring over|across|above
    camera|camera's move|moves|moving|glide|glides|gliding|travels|travel|flies|fly…forward|through|toward|towards
    move|moves|moving forward, follow|following shot, camera follows|following
    walk|walking through shot
    镜头前进, 镜头向前, 镜头…向前, 镜头穿过, 镜头…穿过, 镜头跟随, 跟拍, 跟镜头, 移动推进, 轨道推进, 飞越
    穿越镜头
  `),
  "dolly-out": list(`
    dolly|dollies|dollying out|back|backward|backwards|away
    track|tracks|tracking out|back|backward|backwards, fly|flies|flying back|backward|backwards|away
    camera move|moves|moving|glide|glides|gliding|travels…back|backward|backwards|away
    move|moves|moving back|backward|backwards
    镜头后退, 镜头向后, 镜头…向后, 轨道拉出, 后移
  `),
  left: list(`
    ${TURNS}…left|leftward|leftwards
    camera ${GLIDES}|${FLOATS}|turns|turning…left|leftward|leftwards
    camera ${SLOWLY} ${GLIDES}|${FLOATS}|turns…left|leftward|leftwards
    slide|slides…left|leftward|leftwards, whip pan left
    左移, 左摇, 左平移, 镜头…向左, 镜头…往左, 镜头左, 向左平移, 向左移动镜头, 向左摇, 从右向左, 从右到左
  `),
  right: list(`
    ${TURNS}…right|rightward|rightwards
    camera ${GLIDES}|${FLOATS}|turns|turning…right|rightward|rightwards
    camera ${SLOWLY} ${GLIDES}|${FLOATS}|turns…right|rightward|rightwards
    slide|slides…right|rightward|rightwards, whip pan right
    右移, 右摇, 右平移, 镜头…向右, 镜头…往右, 镜头右, 向右平移, 向右移动镜头, 向右摇, 从左向右, 从左到右
  `),
  up: list(`
    ${TILTS}|pan|pans|panning…up|upward|upwards, camera looks|looking up|upward|upwards
    上摇, 仰摇, 向上摇, 仰拍, 镜头上摇, 镜头…向上摇, 镜头仰起
  `),
  down: list(`
    ${TILTS}|pan|pans|panning…down|downward|downwards
    camera looks|looking down|downward|downwards
    下摇, 俯摇, 向下摇, 镜头下摇, 镜头…向下摇, 镜头俯下
  `),
  "orbit-left": list(`
    ${ROUND}…left|clockwise, camera ${ROUND}…left|clockwise
    向左环绕, 左环绕, 向左旋转镜头, 镜头…向左环绕, 镜头…顺时针, 顺时针环绕
  `),
  "orbit-right": list(`
    ${ROUND}…right|counterclockwise|anticlockwise
    camera ${ROUND}…right|counterclockwise|anticlockwise
    ${ROUND} counter clockwise
    向右环绕, 右环绕, 向右旋转镜头, 镜头…向右环绕, 镜头…逆时针, 逆时针环绕
  `),
  "crane-up": list(`
    ${CRANES}…up|upward|upwards
    camera rises|rising|rise|ascends|ascending|lifts|climbs|soars
    camera ${SLOWLY} rises|rising|rise|ascends|lifts|climbs|soars
    camera move|moves|moving|glides|floats…up|upward|upwards, drone rises|rising|ascends|lifts
    上移, 镜头…向上, 镜头…往上, 镜头…上升, 镜头…升起, 升镜, 镜头上, 摇臂上升
  `),
  "crane-down": list(`
    ${CRANES}…down|downward|downwards
    camera descends|descending|lowers|lowering|sinks|sinking
    camera ${SLOWLY} descends|lowers|sinks
    camera move|moves|moving|glides|floats…down|downward|downwards, drone descends|lowers
    下移, 镜头…向下, 镜头…往下, 镜头…下降, 镜头…降落, 降镜, 镜头下, 摇臂下降
  `),
};

/** Words that name a kind of move without its direction; said beside a direction of that kind they add nothing. */
export const UNDIRECTED_WORDS: Words<"push" | "right" | "up" | "dolly-in" | "orbit-right" | "crane-up"> = {
  push: list(`
    zoom, zooms, zooming, zoom shot
    变焦
  `),
  right: list(`
    pan, pans, panning, whip pan, camera sweep|sweeps, sideways, truck|trucking shot
    摇镜, 横移, 平移, 横摇, 甩镜
  `),
  up: list(`
    tilt, tilts, tilting
    俯仰
  `),
  "dolly-in": list(`
    dolly, dolly|tracking|aerial|drone|fpv|steadicam|pov shot|view, fpv, drone footage
    航拍, 移动镜头, 推轨, 无人机视角, 第一人称视角
  `),
  "orbit-right": list(`
    camera ${SLOWLY} orbits|circles|rotates|revolves, camera moves|moving|circles around
    camera orbit|orbits|orbiting|circles|circling|rotates|rotating|revolves
    orbit|orbiting|arc|360|rotating shot|camera|view, orbit around, camera moves|moving around
    环绕, 环绕镜头, 环绕拍摄, 旋转镜头, 镜头…环绕, 镜头…旋转
  `),
  "crane-up": list(`
    crane|jib|boom shot
    摇臂, 升降镜头
  `),
};

/** Both at once: nearer through the space, wider with the lens. */
export const VERTIGO_WORDS = list(`
  dolly zoom, vertigo effect|shot, zolly
  希区柯克变焦, 滑动变焦
`);

/** How much the hand shakes that holds the camera. */
export const HANDHELD_WORDS: Words<"steady" | "held" | "shaky"> = {
  steady: list(`
    steadicam, gimbal, gimbal shot, smooth|stabilized|stabilised camera
    稳定器, 斯坦尼康
  `),
  held: list(`
    handheld, hand held, documentary style, vlog, camera sway|sways
    手持, 手持镜头, 手持摄影, 纪实, 呼吸感
  `),
  shaky: list(`
    shaky cam|camera|footage|shot|shots, shaky, shaking camera
    camera shake|shakes|shaking|jitter|wobble, found footage
    抖动, 镜头抖动, 镜头晃动, 晃动镜头, 画面抖动, 晃动
  `),
};

export const SPEED_WORDS: Words<"very-slow" | "slow" | "fast" | "very-fast"> = {
  "very-slow": list(`
    very|extremely|super slow|slowly, ever so slowly|slightly|gently, barely, imperceptibly
    极慢, 极其缓慢, 非常缓慢, 非常慢
  `),
  slow: list(`
    slow, slowly, slow motion, gentle, gently, subtle, subtly, slight, slightly, gradual, gradually
    softly, smoothly
    缓慢, 慢慢, 缓缓, 轻微, 微微, 徐徐, 逐渐, 慢速, 慢动作, 轻轻
  `),
  fast: list(`
    fast, quick, quickly, rapid, rapidly, swift, swiftly, dramatic, dramatically
    快速, 迅速, 急速, 飞快, 快
  `),
  "very-fast": list(`
    very|extremely|super fast|quickly, crash, whip, sudden, suddenly
    极快, 极速, 猛, 猛地, 突然, 甩
  `),
};
