/** What people write when they say where a video takes place. How phrases are written: see word-list.ts. */

import type { Words } from "./camera-words.ts";
import type { Place } from "./scenes/setting.ts";
import { list } from "./word-list.ts";

export const PLACE_WORDS: Words<Exclude<Place, "abstract">> = {
  city: list(`
    city|town|urban street|streets|square|park|lights|night|center|centre|skyline, city, cities
    cityscape, town, towns, village, street, streets, skyline, urban, skyscraper, skyscrapers, downtown
    building, buildings, metropolis, cyberpunk, alley, alleyway, rooftop, rooftops, traffic, crosswalk
    plaza, market, tokyo, new york, shanghai, beijing, hong kong, london, paris, manhattan, shibuya
    times square
    城市, 都市, 城镇, 小镇, 村庄, 街道, 街头, 街上, 大街, 街, 大厦, 高楼, 大楼, 摩天, 摩天大楼, 上海
    北京, 东京, 香港, 纽约, 伦敦, 巴黎, 赛博朋克, 天际线, 小巷, 巷子, 屋顶, 广场, 夜市, 集市, 车水马龙
    市中心, 楼房, 建筑
  `),
  sea: list(`
    sea, seas, seascape, ocean, oceans, beach, beaches, wave, waves, coast, coastline, shore, seaside
    harbour, harbor, bay, sail, sailing, sailboat, boat, boats, ship, ships, yacht, lighthouse, island
    islands, surf, surfer, whale, whales, dolphin, dolphins, underwater, lake, lakeside, pier, lagoon
    seagull, seagulls, mermaid
    大海, 海洋, 海边, 海面, 海浪, 海水, 沙滩, 海滩, 海岸, 海港, 港口, 港湾, 帆船, 轮船, 小船, 灯塔, 岛
    岛屿, 小岛, 海上, 海底, 海, 湖, 湖面, 湖泊, 湖边, 波浪, 浪花, 鲸鱼, 海豚, 海鸥, 码头
  `),
  mountain: list(`
    snow|snowy|snowcapped mountain|mountains|peak|peaks, mountain, mountains, peak, peaks, alps, alpine
    himalaya, himalayas, everest, summit, cliff, cliffs, valley, valleys, hill, hills, hillside, glacier
    volcano, highlands, fuji, mount fuji, ridge, waterfall
    高山, 雪山, 山脉, 山峰, 群山, 山谷, 山顶, 山上, 山间, 火山, 山, 远山, 富士山, 悬崖, 峭壁, 丘陵, 冰川
    瀑布, 珠穆朗玛
  `),
  forest: list(`
    forest, forests, woods, woodland, jungle, tree, trees, grove, rainforest, garden, park, bamboo
    bamboo forest, swamp, orchard, pine forest, cherry blossom, birch, cherry blossoms, rain forest
    森林, 树林, 丛林, 树木, 大树, 竹林, 雨林, 热带雨林, 花园, 林间, 公园, 松林, 樱花, 林中, 树, 果园
    沼泽
  `),
  desert: list(`
    desert, deserts, dune, dunes, sand dune, sand dunes, sahara, cactus, cacti, camel, camels, oasis
    canyon, canyons, mesa, badlands, gobi
    沙漠, 沙丘, 仙人掌, 骆驼, 戈壁, 绿洲, 峡谷, 大漠
  `),
  space: list(`
    space, outer space, deep space, galaxy, galaxies, planet, planets, cosmos, cosmic, nebula, nebulae
    asteroid, asteroids, spaceship, spaceships, spacecraft, astronaut, astronauts, universe, mars
    saturn, jupiter, space station, rocket, milky way, in orbit, earth orbit, black hole, ufo
    太空, 宇宙, 星球, 行星, 银河, 星云, 星系, 飞船, 宇宙飞船, 宇航员, 宇航, 火星, 土星, 空间站, 火箭
    黑洞, 外太空
  `),
  room: list(`
    living|bed|dining|class|bath|hotel|waiting room, room, rooms, bedroom, kitchen, office, classroom
    bathroom, library, cafe, café, coffee shop, restaurant, studio, attic, basement, hallway, corridor
    indoors, indoor, interior, fireplace, house interior, laboratory, workshop, museum, lounge
    apartment, by the window, window sill, windowsill
    房间, 室内, 屋里, 屋内, 卧室, 客厅, 厨房, 办公室, 教室, 浴室, 图书馆, 书房, 咖啡馆, 咖啡厅, 餐厅
    走廊, 阁楼, 壁炉, 窗边, 窗前, 博物馆, 实验室, 公寓, 家里, 家中, 工作室
  `),
  road: list(`
    road, roads, highway, motorway, freeway, roadside, route, lane, road trip, racetrack
    country|desert|mountain|coastal|forest|winding|open road|highway, race track, bridge, tunnel
    公路, 马路, 道路, 高速, 高速公路, 路上, 乡间小路, 小路, 山路, 沿海公路, 赛道, 大桥, 隧道
  `),
  train: list(`
    train|subway|metro station|carriage|window|ride|tracks|platform, train, trains, railway, railroad
    locomotive, subway, metro, tram, bullet train, steam train, freight train
    火车, 列车, 高铁, 地铁, 铁路, 铁轨, 车厢, 火车站, 动车, 电车, 站台, 蒸汽火车, 车窗
  `),
  field: list(`
    field, fields, meadow, meadows, grassland, grasslands, prairie, steppe, farm, farmland, wheat field
    wheat, rice field, rice paddy, cornfield, sunflower field, sunflowers, pasture, countryside
    lavender field, lavender, flower field, savanna, savannah, plains, vineyard, lawn, wheat fields
    tea plantation, rice terraces, ranch
    田野, 草原, 草地, 麦田, 稻田, 农田, 农场, 原野, 花海, 花田, 油菜花, 向日葵, 薰衣草, 牧场, 乡村, 梯田
    平原, 草坪, 大草原, 田间, 乡间
  `),
};

/** Things that are not a place but are usually found in one. Taken as a hint, where no place is named. */
export const SUBJECT_WORDS: Words<Exclude<Place, "abstract" | "train">> = {
  city: list(`
    crowd, shop, taxi, bicycle, robot, dancer
    人群, 商店, 出租车, 自行车, 机器人, 舞者
  `),
  sea: list(`
    fish, shark, turtle, jellyfish, pirate, coral
    鱼, 鲨鱼, 海龟, 水母, 海盗, 珊瑚
  `),
  mountain: list(`
    eagle, climber, hiker, monk, temple, dragon, castle, wolf
    老鹰, 登山者, 和尚, 寺庙, 龙, 城堡, 狼
  `),
  forest: list(`
    deer, fox, bear, owl, squirrel, panda, tiger, butterfly, fairy, leaves, river, elf
    鹿, 狐狸, 熊, 猫头鹰, 松鼠, 熊猫, 老虎, 蝴蝶, 精灵, 树叶, 河, 河流, 小溪
  `),
  desert: list(`
    pyramid, pyramids, caravan, scorpion, snake
    金字塔, 商队, 蝎子, 蛇
  `),
  space: list(`
    alien, aliens, satellite, comet, meteor
    外星人, 卫星, 彗星, 流星
  `),
  room: list(`
    cat, cats, kitten, kittens, baby, cup, coffee, tea, desk, table, sofa, piano, lamp, book, books
    candle, candles, bed, chair, computer, laptop, guitar, food, cake
    猫, 小猫, 猫咪, 婴儿, 杯子, 咖啡, 茶, 桌子, 沙发, 钢琴, 台灯, 书, 蜡烛, 床, 椅子, 电脑, 吉他, 美食
    蛋糕
  `),
  road: list(`
    car, cars, truck driver, motorcycle, motorbike, bus, driver, driving, race car
    汽车, 小汽车, 跑车, 摩托车, 公交车, 卡车, 司机, 开车, 赛车
  `),
  field: list(`
    horse, horses, cow, cows, sheep, dog, puppy, flower, flowers, grass, kite, rabbit, windmill
    scarecrow, bird, birds, tulips, child running, picnic
    马, 奔马, 牛, 羊, 狗, 小狗, 花, 花朵, 草, 风筝, 兔子, 风车, 稻草人, 鸟, 小鸟, 野餐
  `),
};
