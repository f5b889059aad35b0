"""Words that may change without changing the question, and pairs that never may. Pure data of the language.

Synonyms are folded to one spelling before two questions are aligned. Particles carry nothing wherever they stand,
fillers little in most places; modals say how binding a statement is. Contrasts are characters that name opposite or
neighbouring things, so that one exchanged for the other makes another question however alike the rest is.
"""

import re

_SYNONYMS = (
    "应 应当 应该 必须 须 务必 需 需要 应予",
    "可 可以 能 能够 得以 允许 准许",
    "用 使用 采用 利用 运用 选用 应用",
    "含 包括 包含 含有 包涵 包含有 包括有",
    "防 防止 避免 预防 防范",
    "引起 导致 造成 产生 引发 发生 出现 致使 带来",
    "通常 一般 一般情况下 通常情况下 往往 常",
    "禁止 严禁 不得 不准 不许 不允许 不应 不应该 不应当 不可 不能 切勿 切忌",
    "错误 不正确 不对 有误 不恰当 不妥 不妥当 不准确 错",
    "正确 恰当 妥当 准确 对的",
    "不属于 不是 不包括 不包含 不含 不在",
    "方法 方式 办法 措施",
    "作用 功能 用途 功用",
    "立即 马上 立刻 及时 迅速 尽快",
    "若 如 如果 假如 当 倘若 一旦",
    "和 与 及 以及 并 并且 且 同时 或 或者 而",
    "大于 高于 超过 多于 超出 大过",
    "小于 低于 不足 少于",
    "最大 最高 最多",
    "最小 最低 最少",
    "增大 增加 提高 升高 加大 增高 变大 上升",
    "减小 减少 降低 下降 变小 减低",
    "驾驶员 驾驶人 驾驶人员 司机 驾驶者",
    "操作者 操作人员 操作工 作业人员 工作人员",
    "触头 触点",
    "联结 联接 连接 接法 结法",
    "电动机 电机 马达",
    "计算机 电脑",
    "其他 其它",
    "原件 元件",
    "部件 零件",
    "开始 起始",
    "确保 保证 保障",
    "称为 叫做 叫 称 称作 称之为 被称为 是指 指 即 就是 指的是 系指",
    "原则上 应该说",
    "导热 传热",
    "周围 四周",
    "鸣笛 鸣号 鸣喇叭",
    "催化剂 触媒",
    "说法 叙述 表述 描述 论述 陈述 观点",
    "下列 以下 下面 下述 如下",
    "期间 时候 过程中 过程 时期",
    "之前 以前 前",
    "之后 以后 后",
    "之间 间",
    "相同 一样 一致",
    "不同 不一样 不一致",
    "依据 根据 按照 按 依照 遵照 据",
    "重要 主要 关键 首要",
    "经常 时常 常常",
    "全部 所有 一切 各种 各类 各 凡 凡是",
    "必要 必需",
    "检查 检验 检测 查验",
    "维修 修理 检修 维护",
    "地点 场所 地方",
    "速度 车速",
    "火灾 着火",
    "人民 群众",
    "国家 我国 中国 中华人民共和国",
    "消除 排除 清除",
    "完成 完毕 结束",
    "选择 选取 选 挑选",
    "安装 装设 装置于",
    "设置 设有 装有 布置",
    "具有 具备 有 拥有",
    "组成 构成",
    "分为 分成 可分为 可分成 划分为 分",
    "取决于 决定于",
    "必然 一定 肯定",
    "容易 易 易于",
    "严重 厉害",
    "特别 非常 十分 极 很 较 比较 更 最为",
    "单位 企业 公司",
    "职工 员工 从业人员 工人",
    "给予 予以 给",
    "负责 承担",
    "遵守 遵循 执行",
    "制定 制订 编制",
    "建立 建立健全 设立",
    "才可 方可 方能 才能 才允许 才可以",
)
# Units in letters stand alone: m3 in FDM3D is none.
_UNITS = (
    "公里:km 千米:km 厘米:cm 公分:cm 毫米:mm 公斤:kg 千克:kg 小时:h 钟头:h 分钟:min 平方米:m2 立方米:m3 摄氏度:℃ "
    "兆帕:mpa 千帕:kpa 千伏:kv 千瓦:kw 赫兹:hz 兆欧:mω"
)
_PARTICLES = "的了在是为于以其该此这那所之也都均将把被由让就才又再还仅曾已着过们个些得吗呢吧啊请及和与或而且即则时"
_FILLERS = (
    _PARTICLES + "使令对向到从至自并便只经正等种类项者性地上中内里候下列哪什么怎样如何几多少何说述法"
    "应可用若通常一般主要进行来去会作做当有关关于根据属称叫指"
)
_MODALS = "应可会能须要宜"
# Whole words that say how a thing is asked, not what; as single characters they are parts of other words.
_FRAMES = (
    "下列 说法 选项 叙述 关于 有关 对于 进行 属于 称为 其中 什么 什么样 哪些 哪个 哪种 哪项 哪一个 哪一种 哪一项 "
    "怎样 如何 多少 几个 下面 问题 情况下 情况 方面 当中 的是 应该说"
)
_CONTRASTS = (
    "大小 高低 上下 左右 前后 内外 里外 正负 正反 阴阳 串并 交直 开关 开闭 启停 升降 增减 加减 乘除 进出 入出 进回 "
    "吸排 吸放 充放 长短 宽窄 粗细 厚薄 轻重 快慢 先后 早晚 冷热 干湿 软硬 强弱 公母 单双 单多 主副 主从 主辅 正副 "
    "左中 右中 首末 首尾 头尾 始终 新旧 深浅 远近 松紧 动静 纵横 横竖 顺逆 明暗 红黄 红绿 红蓝 黄绿 黄蓝 黑白 酸碱 "
    "氧还 甲乙 乙丙 甲丙 东西 南北 春秋 昼夜 买卖 收付 借贷 得失 供受 送受 发收 输收 初次 原副 星角 铜铝 铁铜 铝铁 "
    "氧氢 氮氧 金木 相线 水油 水气 油气 水汽 男女 老幼 拉压 推拉 推顶 弯剪 顶底 侧顶 凹凸 仰俯 平立 平仰 立仰 横立 "
    "钻铰 车铣 铣刨 车磨 锯锉 拧松 装卸 装拆 断合 通断 接断 有无 能否 是否 真假 好坏 优劣 合分 总分 全半 国省 "
    "省市 市县 省县 年月 月日 日时 时分 分秒 周月 天月 年日 盎升 热电 光电 声光 生死 轮轴 瓦伏 伏安 安瓦 欧伏 安欧 "
    "米克 赫伏 纯杂 毒剂 点面 线面 点线 液气 固液 固气 气汽 常异 前中 后中 上中 下中 高中 多少 自手 "
    "空满 零火 地零 等小 等大 短断 同异 应可"
)


def _pattern(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


SYNONYMS = {word: group.split()[0] for group in _SYNONYMS for word in group.split()[1:] if len(word) > 1}
_SPELLINGS = SYNONYMS | dict(pair.split(":") for pair in _UNITS.split())
_SYNONYM = _pattern(_SPELLINGS)
_FRAME = _pattern(dict.fromkeys(_FRAMES.split(), ""))
PARTICLES = frozenset(_PARTICLES)
FILLERS = frozenset(_FILLERS)
MODALS = frozenset(_MODALS)
CONTRASTS = frozenset(frozenset(pair) for pair in _CONTRASTS.split())


def fold_synonyms(text: str) -> str:
    """A folded text with every synonym in the spelling of its group."""
    return _SYNONYM.sub(lambda match: _SPELLINGS[match.group()], text)


def without_frame(text: str) -> str:
    """A folded text without the words that only ask; the text itself when nothing else is in it."""
    return _FRAME.sub("", text) or text
