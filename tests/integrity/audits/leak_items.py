"""A bank of made-up items, with the siblings a scan must tell apart, and pages that leak them in disguise."""

import random
from collections.abc import Callable, Sequence

from bank.content import LETTERS, RIGHT, WRONG, ItemContent, ItemType

S, M, J, B = ItemType.SINGLE, ItemType.MULTIPLE, ItemType.JUDGE, ItemType.BLANK


def _item(kind: ItemType, stem: str, options: str, key: str) -> ItemContent:
    return ItemContent(kind, stem, tuple(options.split("；")) if options else (), key)


BANK = [
    _item(S, "给蔬菜大棚的卷帘机更换钢丝绳时，新绳在卷筒上至少应保留（ ）圈。", "1；3；5；8", "B"),
    _item(S, "给蔬菜大棚的卷帘机更换钢丝绳时，新绳的直径偏差不得大于（ ）毫米。", "0.2；0.4；0.6；0.9", "A"),
    _item(S, "揉面机的搅拌桨叶与桶壁之间应保持（ ）的均匀间隙。", "2毫米；6毫米；15毫米；30毫米", "B"),
    _item(S, "绣花机断线后自动停车，最常见的原因是（ ）失灵。", "断线探测片；主轴皮带；绷架马达；剪线刀片", "A"),
    _item(S, "绣花机跳针后自动停车，最常见的原因是（ ）失灵。", "断线探测片；主轴皮带；绷架马达；剪线刀片", "D"),
    _item(S, "下列说法错误的是（ ）。", "茶叶杀青用高温破坏酶的活性；揉捻使茶汁附着在叶表；红茶不需要发酵", "C"),
    _item(S, "下列说法错误的是（ ）。", "陶坯阴干时要避风；釉料越厚烧成越快；窑内要分段升温", "B"),
    _item(S, "（ ）可用来测定窑炉内坯体的实际受热程度。", "三角测温锥；水银温度计；湿度卡", "A"),
    _item(S, "木工平刨加工短于三百毫米的料时，应当（ ）。", "用推板送料；徒手压料；两人对推；拆下护罩", "A"),
    _item(M, "蜂场越冬前要做的准备有（ ）。", "合并弱群；补喂糖浆；撤去巢门挡板；加盖保温层", "ABD"),
    _item(J, "酱油酿造中制曲的室温越高，米曲霉的酶活就越强。", "", WRONG),
    _item(J, "缝纫机的底线张力过大时，缝料正面会露出底线。", "", WRONG),
    _item(J, "缝纫机的底线张力过小时，缝料背面会出现浮线。", "", RIGHT),
    _item(J, "水平仪的气泡偏向哪一侧，说明被测面的哪一侧较高。", "", RIGHT),
    _item(J, "钓线轮换油以后可以立即满负荷收线，不需要空转。", "", WRONG),
    _item(J, "茶园喷药作业结束后，喷杆内残留的药液应倒回原药瓶保存。", "", WRONG),
    _item(J, "冷库风机在霜层厚度超过十二毫米时才需要化霜。", "", WRONG),
    _item(B, "竹编圆篮收口时，经篾应预留的长度约为篮高的（ ）。", "", "三分之一"),
    _item(B, "手工造纸捞纸时，帘床入水的角度以（ ）度左右为宜。", "", "四十五"),
    _item(ItemType.SHORT, "简述调音师更换钢琴断弦以后为什么要分三次绷紧。", "", "使弦的延伸逐次稳定，防止弦轴松动。"),
    _item(S, "快递分拣线急停按钮被按下后，恢复运行以前必须（ ）。", "确认线上无人并复位；直接按启动；关灯；降速", "A"),
    _item(S, "豆腐点浆时卤水加入过快，成品会（ ）。", "粗糙发硬；细嫩；出浆变多；发黄", "A"),
    _item(J, "潜水员上升过程中每上升九米应停留一次进行减压观察。", "", RIGHT),
    _item(S, "养蚕室四龄期的适宜相对湿度为（ ）。", "70%；85%；95%", "A"),
]
ENTRIES = [(100 + number, item) for number, item in enumerate(BANK)]
KEY = b"0123456789abcdef0123456789abcdef"

# Questions of nobody's bank, with the words of the trade around them.
STRANGERS = [
    _item(S, "给鱼塘增氧机更换叶轮时，首先应当（ ）。", "切断电源；放空塘水；撒石灰；捞出水草", "A"),
    _item(S, "绣花机日常清洁应使用（ ）。", "毛刷与吸尘器；汽油；湿抹布；砂纸", "A"),
    _item(J, "缝纫机每班使用前都要在油孔滴入一至两滴机油。", "", RIGHT),
    _item(S, "下列说法错误的是（ ）。", "面点师不必洗手；案板要生熟分开；刀具用后归位", "A"),
    _item(J, "大棚薄膜的透光率会随使用年限下降。", "", RIGHT),
]
Layout = Callable[[int, ItemContent], str]


def printed(number: int, item: ItemContent, *, label: str = "{}、", between: str = "\n", answer: bool = True) -> str:
    """One question as a paper prints it."""
    options = between.join(label.format(letter) + text for letter, text in zip(LETTERS, item.options, strict=False))
    if item.type is J:
        return f"{number}、{item.stem}" + (f"（{'√' if item.key == RIGHT else '×'}）" if answer else "（ ）")
    return f"{number}、{item.stem}\n{options}" + (f"\n答案：{item.key}" if answer else "")


def shuffled(item: ItemContent, seed: int) -> ItemContent:
    """The same item with its options in another order."""
    draw = random.Random(seed)
    order = draw.sample(range(len(item.options)), len(item.options))
    key = (
        "".join(sorted(LETTERS[order.index(LETTERS.index(letter))] for letter in item.key))
        if item.options
        else item.key
    )
    return ItemContent(item.type, item.stem, tuple(item.options[place] for place in order), key)


def filled(number: int, item: ItemContent) -> str:
    """The right answer written into the blank, no options."""
    answer = "、".join(item.right_options()) or item.key
    return f"{number}、{item.stem.replace('（ ）', f'（{answer}）')}"


def as_statement(number: int, item: ItemContent) -> str:
    """A choice item turned into one to be judged, with its last and wrong option."""
    return f"{number}、{item.stem.replace('（ ）', item.options[-1])}（×）"


def page(items: Sequence[ItemContent], layout: Layout = printed, between: str = "\n") -> str:
    """A page of questions under a heading, strangers among them."""
    mixed = [*items, *STRANGERS]
    random.Random(len(mixed)).shuffle(mixed)
    questions = [layout(n, i) if i not in STRANGERS else printed(n, i) for n, i in enumerate(mixed, 1)]
    return between.join(["2031年某某地区理论考试回忆版 加微信领完整版", *questions, "（资料来源于网络，侵删）"])
